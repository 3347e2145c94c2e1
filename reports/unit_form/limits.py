"""What the cells of a unit's form take, and what they say to anything else (domain §3.4)."""

from typing import Any

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from models.base import LONGEST, MAX_DONG
from models.sheets import Field
from reports.unit_form.form import UnitForm
from reports.unit_form.rows import PrintedRow

WRONG = "Số liệu chưa hợp lệ"
WHOLE = "Nhập số đồng nguyên, không âm, không có phần thập phân."


def limits_of(form: UnitForm, row: PrintedRow, key: str) -> dict[str, Any]:
    """The check of one entry cell as the writer takes it: whole đồng within its bounds."""
    if key == Field.PROGRESS:
        return _percent()
    most: str | int = MAX_DONG
    message = WHOLE
    if key in (Field.ADVANCE, Field.COMPLETED) and not row.allocations[0].awaits_decision:
        most = _still(form, row, key)
        message = (
            "Nhập số đồng nguyên, không âm. Lũy kế sau khi nhập không được vượt kế hoạch vốn: "
            "số nhập không lớn hơn số còn lại chưa giải ngân. Nếu chờ quyết định bổ sung vốn, "
            "nhập trên phần mềm."
        )
    elif key == Field.RECOVERED:
        most = _recoverable(form, row)
        message = (
            "Nhập số đồng nguyên, không âm. Thu hồi tạm ứng không được lớn hơn thanh toán khối "
            "lượng hoàn thành trong kỳ, cũng không lớn hơn số tạm ứng chưa thu hồi."
        )
    elif key == Field.RETURNED:
        most = _returnable(form, row)
        message = (
            "Nhập số đồng nguyên, không âm. Nộp trả không được lớn hơn lũy kế đã giải ngân. "
            "Số chứng từ nộp trả ghi trên phần mềm."
        )
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": most,
        "error_title": WRONG,
        "error_message": message,
        "error_type": "stop",
    }


def limit_words(sheet: Worksheet, line: int, column: int) -> None:
    """A text of at most as many characters as can be stored."""
    sheet.data_validation(
        line,
        column,
        line,
        column,
        {
            "validate": "length",
            "criteria": "<=",
            "value": LONGEST,
            "error_title": WRONG,
            "error_message": f"Nội dung dài quá {LONGEST} ký tự. Rút gọn lại.",
            "error_type": "stop",
        },
    )


def _percent() -> dict[str, Any]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": 100,
        "input_title": "Tiến độ khối lượng",
        "input_message": "Phần trăm từ 0 đến 100 tính từ khởi công, chỉ ghi số, ví dụ 45.",
        "error_title": WRONG,
        "error_message": "Nhập số phần trăm từ 0 đến 100, chỉ ghi số, ví dụ 45 hoặc 62,5.",
        "error_type": "stop",
    }


def _still(form: UnitForm, row: PrintedRow, key: str) -> str:
    """What may be typed here before the plan is used up by the row as it stands."""
    at = _places(form, row)
    other = Field.COMPLETED if key == Field.ADVANCE else Field.ADVANCE
    settled = row.allocations[0].correction or 0
    return (
        f"=MAX(0,{at[Field.PLAN]}-{at[Field.BEFORE]}-{at[other]}"
        f"+{at[Field.RECOVERED]}+{at[Field.RETURNED]}-({settled}))"
    )


def _recoverable(form: UnitForm, row: PrintedRow) -> str:
    at = _places(form, row)
    unsettled = row.allocations[0].advance_balance_before
    return f"=MAX(0,MIN({at[Field.COMPLETED]},{unsettled}+{at[Field.ADVANCE]}))"


def _returnable(form: UnitForm, row: PrintedRow) -> str:
    at = _places(form, row)
    settled = row.allocations[0].correction or 0
    return (
        f"=MAX(0,{at[Field.BEFORE]}+{at[Field.ADVANCE]}+{at[Field.COMPLETED]}"
        f"-{at[Field.RECOVERED]}+({settled}))"
    )


def _places(form: UnitForm, row: PrintedRow) -> dict[str, str]:
    return {column.key: f"{form.letters_of(column.key)}{row.mark.row}" for column in form.columns}
