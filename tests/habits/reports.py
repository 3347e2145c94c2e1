"""Reports of one unit: numbers, units of money, names, findings."""

# ruff: noqa: E501  titles and names of projects stand as they are written
# fmt: off

from tests.habits.said import Habit, Tab, found, paid, run

CASES = [
    Habit('a format shows triệu over stored đồng', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: triệu đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333],
        ], formats={'C4': '#,##0,,'}),
    ], [
        run('questions', must=[found('question', 'unit_unclear', 'T4', '', options_include=['dong'])]),
        run('ready', answers={'unit_unclear': 'dong'}, rows={'disbursements': [paid('L06', 31333333)]}),
    ], period='2024-04', investor='TT-YTE'),
    Habit('one project twice', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333],
            [2, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 5],
        ]),
    ], [
        run('errors', must=[found('error', 'row_double', 'T4', 'B5', row_only=True)]),
    ], period='2024-04', investor='TT-YTE'),
    Habit('a project of another unit', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333],
            [2, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 5000000],
        ]),
    ], [
        run('errors', must=[found('error', 'row_foreign', 'T4', 'B5', row_only=True)]),
    ], period='2024-04', investor='TT-YTE'),
    Habit('a negative amount in brackets', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", "(5.000.000)"],
        ]),
    ], [
        run('errors', must=[found('error', 'number_negative', 'T4', 'C4')]),
    ], period='2024-04', investor='TT-YTE'),
    Habit('no whole đồng, a shortened number, words', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: triệu đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Ghi chú"],
            [1, "Thu thập thông tin cung cầu lao động", 54.6543225],
            [2, "Truyền thông giảm nghèo đa chiều", "1.25E+09"],
            [3, "Tập huấn cán bộ làm công tác giảm nghèo", "hai mươi triệu"],
        ]),
    ], [
        run('errors', must=[found('error', 'number_not_whole', 'T4', 'C4'), found('error', 'number_unreadable', 'T4', 'C5'), found('error', 'number_unreadable', 'T4', 'C6')]),
    ], period='2024-04', investor='P-LDTBXHDT'),
    Habit('only the title tells unit and period', 'monthly', [
        Tab("T4", [
            ["UBND HUYỆN HỮU LŨNG"],
            ["UBND XÃ THIỆN TÂN"],
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98000000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)]}),
    ]),
    Habit('month and cumulative figure disagree', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng vốn NSTW năm 2024", "Lũy kế từ đầu năm vốn NSTW năm 2024"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333, 80000000],
        ]),
    ], [
        run('questions', must=[found('question', 'cumulative_mismatch', 'T4', 'D4', row_only=True)]),
    ], period='2024-04', investor='TT-YTE'),
    Habit('letters of .VnTime', 'monthly', [
        Tab("T4", [
            ["B¸o c¸o gi¶i ng©n th¸ng 4 n¨m 2024"],
            ["®¬n vÞ tÝnh: ®ång"],
            ["TT", "Tªn dù ¸n", "Gi¶i ng©n trong th¸ng (NSTW)"],
            [1, "M« h×nh ch¨n nu«i dª x· ThiÖn T©n", 98000000],
        ], font='.VnTime'),
    ], [
        run(['questions', 'refused', 'errors'], may=[found('question|error', 'encoding_unclear', '', '')]),
        run('ready', must=[found('warning|hint', 'encoding_converted', '', '')], answers={'encoding_unclear': 'tcvn3'}, rows={'disbursements': [paid('L02', 98000000)]}),
    ], period='2024-04', investor='X-06406'),
    Habit('a percentage by its format', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Tiến độ thực hiện (%)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333, 0.35],
        ], formats={'D4': '0%'}),
    ], [
        run('ready', rows={'disbursements': [paid('L06', 31333333)], 'entries': [{'project_code': 'L06', 'period': '2024-04', 'physical_progress': '35'}]}),
    ], period='2024-04', investor='TT-YTE'),
    Habit('a source in proportion to the plan', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng vốn năm 2024"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333],
        ]),
    ], [
        run('questions', must=[found('question', 'source_unclear', 'T4', '', options_include=['NSTW', 'NSH', 'plan'])]),
        run('ready', answers={'source_unclear': 'plan'}, rows={'disbursements': [paid('L06', 27246377), paid('L06', 4086956, source='NSH')]}),
    ], period='2024-04', investor='TT-YTE'),
    Habit('codes alone', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["Mã dự án", "Vốn NSTW giải ngân trong tháng"],
            ["L08", 54654322],
            ["l10", 25500000],
            ["L11", 21000000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L08', 54654322), paid('L10', 25500000), paid('L11', 21000000)]}),
    ], period='2024-04', investor='P-LDTBXHDT'),
    Habit('in 1.000 đ', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: 1.000 đ"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333.333],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L06', 31333333)]}),
    ], period='2024-04', investor='TT-YTE'),
    Habit('commas between thousands', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", "98,000,000.00"],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)]}),
    ], period='2024-04', investor='X-06406'),
    Habit('the unit of money in the head', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW) (triệu đồng)", "Tiến độ (%)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98, 12],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)], 'entries': [{'project_code': 'L02', 'period': '2024-04', 'physical_progress': '12'}]}),
    ], period='2024-04', investor='X-06406'),
    Habit('a slip in the name of a project', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi trâu sinh sãn xã Hữu Liên", 210000000],
        ]),
    ], [
        run('questions', must=[found('question', 'name_unclear', 'T4', 'B4', options_include=['L01'])]),
        run('ready', answers={'name_unclear:T4!B4': 'L01'}, rows={'disbursements': [paid('L01', 210000000)]}),
    ], period='2024-04', investor='X-06388'),
    Habit('triệu behind the number', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", "98 triệu"],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)]}),
    ], period='2024-04', investor='X-06406'),
    Habit('two units of money', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["Đơn vị tính: triệu đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98],
        ]),
    ], [
        run('questions', must=[found('question', 'unit_conflict|unit_unclear', '', '')]),
    ], period='2024-04', investor='X-06406'),
    Habit('no head at all', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98000000],
        ]),
    ], [
        run('errors', must=[found('error', 'head_missing|column_missing', '', '')]),
    ], period='2024-04', investor='X-06406'),
    Habit('one column twice', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98000000, 97000000],
        ]),
    ], [
        run(['questions', 'errors'], must=[found('question|error', 'column_double', '', '')]),
    ], period='2024-04', investor='X-06406'),
    Habit('a project that nobody knows', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Đường giao thông thôn Đèo Thạp", 210000000],
        ]),
    ], [
        run('errors', must=[found('error', 'name_unknown|row_foreign', 'T4', 'B4')]),
    ], period='2024-04', investor='X-06388'),
    Habit('all that a report tells', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: triệu đồng"],
            ["TT", "Tên dự án", "Tiến độ", None, "Giá trị khối lượng hoàn thành nghiệm thu", "Giải ngân trong tháng (NSTW)", "Ước giải ngân đến 31/12/2024", "Khó khăn, vướng mắc", "Kiến nghị, đề xuất"],
            [None, None, "%", "Kết quả thực hiện"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", "12,5", "Đã chọn hộ", 100, 98, 1078, "Giá tăng", "Cấp vốn sớm"],
        ], merged=['C3:D3']),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)], 'entries': [{'project_code': 'L02', 'period': '2024-04', 'physical_progress': '12.5', 'progress_text': 'Đã chọn hộ', 'volume_value': '100000000', 'estimate': '1078000000', 'obstacles': 'Giá tăng', 'proposals': 'Cấp vốn sớm'}]}),
    ], period='2024-04', investor='X-06406'),
    Habit('an answer that is not possible', 'monthly', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 98],
        ]),
    ], [
        run(['questions', 'errors'], must=[found('question', 'unit_unclear', '', '')], answers={'unit_unclear': 'ty'}),
    ], period='2024-04', investor='X-06406'),
]
