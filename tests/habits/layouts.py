"""Where figures stand: sections, crossings, months, pages."""

# ruff: noqa: E501  titles and names of projects stand as they are written
# fmt: off

from tests.habits.said import Habit, Tab, found, paid, run

CASES = [
    Habit('units once above their projects', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            [],
            ["TT", "Nội dung", "Giải ngân trong tháng (NSTW)", "Ghi chú"],
            ["I", "UBND xã Hữu Liên", 211725000],
            [1, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000000],
            [2, "Giám sát, đánh giá Chương trình xã Hữu Liên", 1725000],
            ["II", "Phòng LĐTBXH-DT", 80154322],
            [1, "Thu thập thông tin cung cầu lao động", 54654322],
            [2, "Truyền thông giảm nghèo đa chiều", 25500000],
            [None, "Tổng cộng", 291879322],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L13', 1725000), paid('L08', 54654322), paid('L10', 25500000)]}),
    ], period='2024-04'),
    Habit('a unit merged down its rows, in nghìn', 'consolidated', [
        Tab("Tổng hợp", [
            [None, "BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            [],
            [None, None, None, None, "ĐVT: nghìn đồng"],
            [None, "STT", "Chủ đầu tư", "Dự án", "Số giải ngân trong tháng 4 vốn NSTW năm 2024"],
            [None, 1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000],
            [None, 2, None, "Giám sát, đánh giá Chương trình xã Hữu Liên", 1725],
            [None, 3, "Phòng LĐTB&XH-DT", "Thu thập thông tin cung cầu lao động", 54654.322],
            [None, 4, None, "Giám sát, đánh giá Chương trình cấp huyện", 7050],
            [None, None, "Cộng", None, 273429.322],
        ], merged=['C5:C6', 'C7:C8']),
    ], [
        run(['ready', 'questions'], may=[found('question', 'name_unclear', 'Tổng hợp', 'C7')], rows={'disbursements': [paid('L01', 210000000), paid('L13', 1725000), paid('L08', 54654322), paid('L12', 7050000)]}),
    ], period='2024-04'),
    Habit('units down, components across', 'consolidated', [
        Tab("T4", [
            ["TỔNG HỢP GIẢI NGÂN THÁNG 4 NĂM 2024"],
            ["(Nguồn vốn: Ngân sách trung ương năm 2024 - số liệu minh họa)"],
            [None, None, None, None, None, "Đơn vị tính: triệu đồng"],
            ["TT", "Đơn vị", "Tổng số", "Dự án 2", "TDA 1 - Dự án 3", "TDA2-DA7"],
            [1, "UBND xã Hữu Liên", 211.725, 210, None, 1.725],
            [2, "UBND xã Yên Bình", 64.32, None, 64.32],
            [3, "UBND xã Thiện Tân", 98, 98, None, "-"],
            [None, "Tổng cộng", 374.045, 308, 64.32, 1.725],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L13', 1725000), paid('L05', 64320000), paid('L02', 98000000)]}),
    ], period='2024-04'),
    Habit('components down, units across', 'consolidated', [
        Tab("T4", [
            ["GIẢI NGÂN THÁNG 4 NĂM 2024 VỐN SỰ NGHIỆP NSTW NĂM 2024"],
            ["Đơn vị: đồng"],
            ["TT", "Dự án, tiểu dự án", "UBND xã Hữu Liên", "UBND xã Hòa Bình", "Trung tâm Y tế", "Tổng cộng"],
            [1, "Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", 210000000, 182500000, None, 392500000],
            [2, "Tiểu dự án 2 - Dự án 3", None, None, 31333333, 31333333],
            [3, "Dự án 7 - Tiểu dự án 2", 1725000, None, None, 1725000],
            [None, "TỔNG SỐ", 211725000, 182500000, 31333333, 425558333],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L03', 182500000), paid('L06', 31333333), paid('L13', 1725000)]}),
    ], period='2024-04'),
    Habit('sources in rows beneath the project', 'monthly', [
        Tab("Biểu", [
            ["UBND XÃ HỮU LIÊN"],
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Nội dung", "Kế hoạch", "Giải ngân trong tháng", "Lũy kế"],
            [1, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 1475000000, 260000000, 540000000],
            [None, "- Vốn NSTW năm 2024", 1150000000, 210000000, 330000000],
            [None, "- Vốn NS huyện năm 2024", 115000000],
            [None, "- Vốn kéo dài năm 2023", 210000000, 50000000, 210000000],
            [2, "Giám sát, đánh giá Chương trình xã Hữu Liên", 17250000, 1725000, 1725000],
            [None, "- Vốn NSTW năm 2024", 15000000, 1725000, 1725000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L01', 50000000, vintage=2023), paid('L13', 1725000)]}),
    ], period='2024-04', investor='X-06388'),
    Habit('twelve months side by side', 'monthly', [
        Tab("2024", [
            ["THEO DÕI GIẢI NGÂN NĂM 2024 - VỐN NSTW NĂM 2024"],
            ["UBND xã Thiện Tân"],
            ["ĐVT: đồng"],
            ["TT", "Tên dự án", "Kế hoạch năm 2024", "Tháng 1", "Tháng 2", "Tháng 3", "Tháng 4", "Tháng 5", "Tháng 6", "Tháng 7", "Tháng 8", "Tháng 9", "Tháng 10", "Tháng 11", "Tháng 12", "Cộng"],
            [1, "Mô hình chăn nuôi dê xã Thiện Tân", 980000000, None, None, None, 98000000, None, None, None, None, None, None, None, None, 98000000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)]}),
    ], period='2024-04', investor='X-06406'),
    Habit('a sheet a month', 'monthly', [
        Tab("T2", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 2 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 1],
        ]),
        Tab("T3", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 3 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 42666667],
        ]),
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", 31333333],
        ]),
        Tab("Ghi chú", [
            ["Liên hệ: 0205..."],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L06', 31333333)]}),
    ], period='2024-04', investor='TT-YTE'),
    Habit('heads again on page 2, sums carried over', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Chủ đầu tư", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Lũy kế từ đầu năm (NSTW năm 2024)"],
            ["(1)", "(2)", "(3)", "(4)", "(5)"],
            [1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000000, 330000000],
            [2, "UBND xã Thiện Tân", "Mô hình chăn nuôi dê xã Thiện Tân", 98000000, 98000000],
            [None, "Cộng trang 1", None, 308000000, 428000000],
            [],
            ["TT", "Chủ đầu tư", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Lũy kế từ đầu năm (NSTW năm 2024)"],
            ["(1)", "(2)", "(3)", "(4)", "(5)"],
            [None, "Mang sang", None, 308000000, 428000000],
            [3, "UBND xã Hòa Bình", "Mô hình chăn nuôi bò sinh sản xã Hòa Bình", 182500000, 270000000],
            [None, "Tổng cộng", None, 490500000, 698000000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L02', 98000000), paid('L03', 182500000)]}),
    ], period='2024-04'),
    Habit('blank rows and columns everywhere', 'monthly', [
        Tab("T4", [
            [],
            [],
            [],
            [],
            [],
            [],
            [None, None, None, "ỦY BAN NHÂN DÂN XÃ THIỆN TÂN"],
            [],
            [None, None, None, "Biểu giải ngân tháng 4 năm 2024"],
            [],
            [None, None, None, None, None, None, None, None, "(Đơn vị: triệu đồng)"],
            [],
            [None, None, None, "STT", None, "Danh mục dự án", None, "Giải ngân tháng 4", None, "Tiến độ (%)", None, "Khó khăn, vướng mắc"],
            [None, None, None, None, None, None, None, "Vốn NSTW 2024"],
            [],
            [None, None, None, 1, None, "Mô hình chăn nuôi dê xã Thiện Tân", None, "98,0", None, "12,5", None, "Giá giống tăng"],
            [],
            [None, None, None, None, None, "Cộng", None, 98],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L02', 98000000)], 'entries': [{'project_code': 'L02', 'period': '2024-04', 'physical_progress': '12.5', 'obstacles': 'Giá giống tăng'}]}),
    ], period='2024-04', investor='X-06406'),
    Habit('names without marks, in capitals, codes', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "UBND xa Huu Lien", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000000],
            [2, "ubnd xã yên bình", "DỰ ÁN CỘNG ĐỒNG TRỒNG KEO XÃ YÊN BÌNH", 64320000],
            [3, "X-06406", "Mô hình chăn nuôi dê xã Thiện Tân", 98000000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L05', 64320000), paid('L02', 98000000)]}),
    ], period='2024-04'),
    Habit('unit and project that do not belong together', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "UBND xã Thiện Tân", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000000],
        ]),
    ], [
        run('errors', must=[found('error', 'row_conflict', 'T4', 'C4', row_only=True)]),
    ], period='2024-04'),
    Habit('advance, completed and recovered apart', 'monthly', [
        Tab("T4", [
            ["TRUNG TÂM GDNN-GDTX"],
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Nội dung", "Giải ngân trong tháng (vốn NSTW năm 2024)"],
            [None, None, "Tạm ứng", "Thanh toán KLHT", "Thu hồi tạm ứng", "Cộng"],
            [1, "Đào tạo nghề cho người lao động", 300000000, 102750000, 50000000, 352750000],
        ], merged=['A4:A5', 'B4:B5', 'C4:F4']),
    ], [
        run('ready', rows={'disbursements': [paid('L07', 102750000, advance=300000000, recovered=50000000)]}),
    ], period='2024-04', investor='TT-GDNN'),
    Habit('a sent report is only compared', 'consolidated', [
        Tab("T3", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 3 NĂM 2024"],
            ["Đơn vị tính: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW năm 2024)"],
            [1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 999],
            [2, "UBND xã Yên Bình", "Dự án cộng đồng trồng keo xã Yên Bình", 12000000],
        ]),
    ], [
        run('ready', must=[found('warning', 'report_closed', 'T3', '')], rows={'disbursements': [paid('L05', 12000000, period='2024-03')]}),
    ], period='2024-03'),
    Habit('many habits at once', 'consolidated', [
        Tab("Biểu tháng 4", [
            ["UBND HUYỆN HỮU LŨNG"],
            ["PHÒNG LAO ĐỘNG, THƯƠNG BINH, XÃ HỘI - DÂN TỘC"],
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            [None, None, None, None, "Đvt: triệu đồng"],
            ["TT", "Nội dung", "Kế hoạch vốn", "Giải ngân", None, "Tỷ lệ (%)"],
            [None, None, None, "Trong tháng", "Lũy kế từ đầu năm"],
            ["1", "2", "3", "4", "5", "6=5/3"],
            [None, "TỔNG CỘNG"],
            ["I", "Xã Hữu Liên"],
            ["1", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "1.475", "260", "540"],
            [None, "Vốn NSTW năm 2024", "1.150", "210", "330"],
            [None, "Vốn kéo dài 2023 sang 2024", "210", "50", "210"],
            ["II", "Trung tâm Y tế huyện"],
            ["1", "Can thiệp dinh dưỡng trẻ em hộ nghèo", "483", "31,333333", "74"],
            [None, "Vốn NSTW năm 2024", "420", "31,333333", "74"],
            [],
            ["Người lập biểu", None, None, "Trưởng phòng"],
        ], merged=['A5:A6', 'B5:B6', 'C5:C6', 'D5:E5', 'F5:F6']),
    ], [
        run(['ready', 'questions'], may=[found('question', 'number_unclear', '', ''), found('question', 'name_unclear', '', '')], rows={'disbursements': [paid('L01', 210000000), paid('L01', 50000000, vintage=2023), paid('L06', 31333333)]}),
    ], period='2024-04'),
    Habit('units, components and sources crossed', 'consolidated', [
        Tab("T4", [
            ["GIẢI NGÂN THÁNG 4/2024"],
            ["Đơn vị tính: đồng"],
            ["STT", "Đơn vị", "Dự án 2", None, "Tiểu dự án 2 - Dự án 7", None, "Cộng"],
            [None, None, "NSTW 2024", "NS huyện 2024", "NSTW 2024", "NS huyện 2024"],
            [1, "UBND xã Hữu Liên", 210000000, 5000000, 1725000, None, 216725000],
            [2, "UBND xã Thiện Tân", 98000000, 0, None, None, 98000000],
            [None, "Tổng", 308000000, 5000000, 1725000, None, 314725000],
        ], merged=['A3:A4', 'B3:B4', 'C3:D3', 'E3:F3', 'G3:G4']),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L01', 5000000, source='NSH'), paid('L13', 1725000), paid('L02', 98000000)]}),
    ], period='2024-04'),
    Habit('blocks in another order', 'monthly', [
        Tab("Sheet1", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["Khó khăn", "Lũy kế đến 30/4/2024", None, "Còn lại", "Tên dự án", "Số thực hiện trong tháng", None, "TT"],
            [None, "NSTW 2024", "Kéo dài 2023", None, None, "NSTW 2024", "Kéo dài 2023"],
            ["Chờ giống", 330000000, 210000000, 725000000, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 210000000, 50000000, 1],
        ], merged=['A3:A4', 'B3:C3', 'D3:D4', 'E3:E4', 'F3:G3', 'H3:H4']),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L01', 50000000, vintage=2023)], 'entries': [{'project_code': 'L01', 'period': '2024-04', 'obstacles': 'Chờ giống'}]}),
    ], period='2024-04', investor='X-06388'),
    Habit('a subtotal that is no sum', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Nội dung", "Chủ đầu tư", "Giải ngân trong tháng (NSTW)"],
            [None, "TỔNG SỐ", None, 308000000],
            ["I", "Dự án 2", None, 309000000],
            [1, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "UBND xã Hữu Liên", 210000000],
            [2, "Mô hình chăn nuôi dê xã Thiện Tân", "UBND xã Thiện Tân", 98000000],
        ]),
    ], [
        run('ready', must=[found('warning', 'total_mismatch', 'T4', 'D5')], rows={'disbursements': [paid('L01', 210000000), paid('L02', 98000000)]}),
    ], period='2024-04'),
    Habit('between Hồ and Hòa', 'consolidated', [
        Tab("T4", [
            ["BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG THÁNG 4 NĂM 2024"],
            ["ĐVT: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "UBND xã Hò Bình", "Mô hình chăn nuôi bò sinh sản xã Hòa Bình", 182500000],
        ]),
    ], [
        run('questions', must=[found('question', 'name_unclear', 'T4', 'B4')]),
    ], period='2024-04'),
    Habit('twelve months of many units', 'consolidated', [
        Tab("2024", [
            ["TỔNG HỢP GIẢI NGÂN NĂM 2024 (VỐN NSTW NĂM 2024)"],
            ["ĐVT: đồng"],
            ["TT", "Chủ đầu tư", "Dự án", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"],
            [1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", None, None, 120000000, 210000000],
            [2, "UBND xã Hòa Bình", "Mô hình chăn nuôi bò sinh sản xã Hòa Bình", None, None, 87500000, 182500000],
        ]),
    ], [
        run('ready', rows={'disbursements': [paid('L01', 210000000), paid('L03', 182500000)]}),
    ], period='2024-04'),
]
