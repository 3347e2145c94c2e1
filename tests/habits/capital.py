"""Annexes of decisions, lists of projects, statements of the Treasury."""

# ruff: noqa: E501  titles and names of projects stand as they are written
# fmt: off

from datetime import date

from tests.habits.said import DECISION, Habit, Tab, found, line, run

CASES = [
    Habit('capital recalled', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["THU HỒI KINH PHÍ SỰ NGHIỆP NSTW NĂM 2024 THỰC HIỆN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Số tiền thu hồi"],
            [1, "UBND xã Yên Bình", "Dự án cộng đồng trồng keo xã Yên Bình", 100000000],
            [None, "Tổng", None, 100000000],
        ]),
    ], [
        run('ready', rows={'decisions': DECISION, 'allocations': [line('L05', 'recall', -100000000)]}),
    ]),
    Habit('an adjustment up and down', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["ĐIỀU CHỈNH KINH PHÍ SỰ NGHIỆP NGUỒN NSTW NĂM 2024"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Điều chỉnh"],
            [None, None, None, "Tăng", "Giảm"],
            [1, "UBND xã Yên Bình", "Dự án cộng đồng trồng keo xã Yên Bình", None, 40000000],
            [2, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 40000000],
            [None, "Cộng", None, 40000000, 40000000],
        ], merged=['A5:A6', 'B5:B6', 'C5:C6', 'D5:E5']),
    ], [
        run('ready', rows={'decisions': DECISION, 'allocations': [line('L05', 'adjust', -40000000), line('L01', 'adjust', 40000000)]}),
    ]),
    Habit('more recalled than is left', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["THU HỒI VỐN SỰ NGHIỆP NSTW NĂM 2024"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Số tiền thu hồi"],
            [1, "TTYT", "Can thiệp dinh dưỡng trẻ em hộ nghèo", 400000000],
        ]),
    ], [
        run('errors', must=[found('error', 'plan_too_low', 'PL', 'D6')]),
    ]),
    Habit('days counted from 1904, a day in words', 'projects', [
        Tab("DM", [
            ["DANH MỤC DỰ ÁN NĂM 2024"],
            ["ĐVT: đồng"],
            ["Mã dự án", "Tên dự án", "Dự án, tiểu dự án thành phần", "Chủ đầu tư", "Ngày bắt đầu", "Ngày kết thúc", "Tổng mức đầu tư", "Trạng thái"],
            ["L20", "Mô hình nuôi cá lồng xã Hòa Thắng", "Dự án 2", "UBND xã Hòa Thắng", date(2024, 5, 2), "ngày 31 tháng 12 năm 2024", 450000000, "Đang thực hiện"],
        ]),
    ], [
        run('ready', rows={'projects': [{'code': 'L20', 'name': 'Mô hình nuôi cá lồng xã Hòa Thắng', 'component_code': 'GNBV.DA2', 'investor_code': 'X-06460', 'start_on': '2024-05-02', 'end_on': '2024-12-31', 'total_investment': '450000000', 'status': 'active'}]}),
    ], counts_from_1904=True),
    Habit('a day that no calendar has', 'projects', [
        Tab("DM", [
            ["DANH MỤC DỰ ÁN NĂM 2024"],
            ["ĐVT: đồng"],
            ["Mã dự án", "Tên dự án", "Dự án, tiểu dự án thành phần", "Chủ đầu tư", "Ngày bắt đầu", "Ngày kết thúc", "Tổng mức đầu tư", "Trạng thái"],
            ["L20", "Mô hình nuôi cá", "Dự án 2", "UBND xã Hòa Thắng", "31/04/2024", "31/12/2024", 450000000, "Đang thực hiện"],
        ]),
    ], [
        run('errors', must=[found('error', 'date_unreadable', 'DM', 'E4')]),
    ]),
    Habit('the Treasury, two rows a project', 'treasury', [
        Tab("KB", [
            ["KHO BẠC NHÀ NƯỚC HỮU LŨNG"],
            ["TÌNH HÌNH THANH TOÁN VỐN LŨY KẾ ĐẾN NGÀY 31 THÁNG 3 NĂM 2024"],
            ["Đơn vị: đồng"],
            ["STT", "Mã dự án", "Tên dự án", "Nguồn vốn", "Lũy kế thanh toán"],
            [1, "L01", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "NSTW 2024", 120000000],
            [2, "L01", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "Kéo dài 2023", 159999999],
            [3, "L06", "Can thiệp dinh dưỡng trẻ em hộ nghèo", "NSTW 2024", 42666667],
            [None, None, "Cộng", None, 322666666],
        ]),
    ], [
        run('ready', differences=[('L01', '280000000', '279999999', '1')]),
    ], period='2024-03'),
    Habit('an annex across, number and day in capitals', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["PHÂN BỔ BỔ SUNG VỐN SỰ NGHIỆP NGÂN SÁCH TRUNG ƯƠNG NĂM 2024"],
            ["(Kèm theo Quyết định SỐ 1300/QĐ-UBND NGÀY 20/4/2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: triệu đồng"],
            ["TT", "Dự án thành phần", "UBND xã Hữu Liên", "UBND xã Yên Bình", "Cộng"],
            [1, "Dự án 2", 60, None, 60],
            [2, "Tiểu dự án 1 - Dự án 3", None, 12.5, 12.5],
            [None, "Tổng cộng", 60, 12.5, 72.5],
        ]),
    ], [
        run('ready', rows={'decisions': DECISION, 'allocations': [line('L01', 'supplement', 60000000), line('L05', 'supplement', 12500000)]}),
    ]),
    Habit('sources beneath “trong đó”', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["PHÂN BỔ BỔ SUNG KINH PHÍ SỰ NGHIỆP NĂM 2024"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: triệu đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Tổng số", "Trong đó"],
            [None, None, None, None, "NSTW", "NS huyện"],
            [1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", 66, 60, 6],
            [2, "TTYT", "Can thiệp dinh dưỡng trẻ em hộ nghèo", 15.25, 15.25],
            [None, "Cộng", None, 81.25, 75.25, 6],
        ], merged=['A5:A6', 'B5:B6', 'C5:C6', 'D5:D6', 'E5:F5']),
    ], [
        run('ready', rows={'decisions': DECISION, 'allocations': [line('L01', 'supplement', 60000000), line('L01', 'supplement', 6000000, source='NSH'), line('L06', 'supplement', 15250000)]}),
    ]),
    Habit('capital carried over', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC"],
            ["DANH MỤC KÉO DÀI VỐN SỰ NGHIỆP NSTW NĂM 2023 SANG NĂM 2024"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: triệu đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Số vốn kéo dài"],
            [1, "UBND xã Thiện Tân", "Mô hình chăn nuôi dê xã Thiện Tân", 30],
        ]),
    ], [
        run(['ready', 'questions', 'errors'], may=[found('error|question', 'row_conflict', '', ''), found('error|question', 'plan_too_low', '', '')], rows={'decisions': DECISION, 'allocations': [line('L02', 'carry_in', 30000000, vintage=2023)]}),
    ]),
    Habit('no word tells the kind', 'allocations', [
        Tab("PL", [
            ["PHỤ LỤC KINH PHÍ SỰ NGHIỆP NSTW NĂM 2024"],
            ["(Kèm theo Quyết định số 1300/QĐ-UBND ngày 20 tháng 4 năm 2024 của UBND huyện Hữu Lũng)"],
            ["ĐVT: đồng"],
            ["TT", "Đơn vị", "Tên dự án", "Số tiền"],
            [1, "UBND xã Thiện Tân", "Mô hình chăn nuôi dê xã Thiện Tân", 30000000],
        ]),
    ], [
        run('questions', must=[found('question', 'kind_unclear', '', '')]),
        run('ready', answers={'kind_unclear': 'supplement'}, rows={'decisions': DECISION, 'allocations': [line('L02', 'supplement', 30000000)]}),
    ]),
    Habit('projects without codes or state', 'projects', [
        Tab("DM", [
            ["DANH MỤC DỰ ÁN NĂM 2024"],
            ["ĐVT: triệu đồng"],
            ["TT", "Tên dự án", "Thuộc dự án, tiểu dự án", "Chủ đầu tư", "Thời gian khởi công", "Thời gian hoàn thành", "Tổng mức đầu tư"],
            [1, "Mô hình nuôi ong xã Yên Sơn", "Dự án 2", "UBND xã Yên Sơn", "01/06/2024", "31/12/2024", 450],
        ]),
    ], [
        run('questions', must=[found('question', 'column_missing', 'DM')]),
        run('ready', answers={'column_missing': 'planned'}, rows={'projects': [{'name': 'Mô hình nuôi ong xã Yên Sơn', 'component_code': 'GNBV.DA2', 'investor_code': 'X-06403', 'start_on': '2024-06-01', 'end_on': '2024-12-31', 'total_investment': '450000000'}]}),
    ]),
    Habit('the Treasury tells parts alone', 'treasury', [
        Tab("KB", [
            ["KBNN HỮU LŨNG"],
            ["BẢNG ĐỐI CHIẾU SỐ LIỆU THANH TOÁN ĐẾN 31/3/2024"],
            ["ĐVT: đồng"],
            ["STT", "Tên dự án", "Chủ đầu tư", "Tạm ứng", "Thanh toán KLHT"],
            [1, "Can thiệp dinh dưỡng trẻ em hộ nghèo", "TTYT", 2666667, 40000000],
            [2, "Dự án liên kết sản xuất na theo chuỗi giá trị", "Phòng NN&PTNT", 0, 310000000],
        ]),
    ], [
        run('ready', differences=[('L04', '335000000', '310000000', '25000000')]),
    ], period='2024-03'),
]
