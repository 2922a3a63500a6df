"""Things that people ask for everywhere, and that a library may not have: such questions it is to leave.

Those about something that the library does have are left out when it is opened.
"""

from __future__ import annotations

_EN = """
swimming pool; sauna; gym; cash machine; car park; bicycle rental; bus stop; train station; airport shuttle; taxi;
hairdresser; pharmacy; doctor; dentist; hospital; post office; bank; supermarket; bakery; restaurant; bar;
coffee machine; vending machine; water fountain; smoking area; playground; baby changing room; nursery; dog park;
church; prayer room; library; cinema; theatre; concert; football match; tennis court; golf course; ski lift; beach;
boat trip; fishing; zoo; aquarium; farm; garden; market; shopping centre; clothes shop; shoe shop; bookshop;
florist; jeweller; toy shop; souvenir; ice cream; fresh fish; meat; vegetables; pizza; sandwich; breakfast;
hotel room; bed; shower; towel; hairdryer; iron; washing machine; television; telephone; mobile phone; laptop;
charger; printer; photocopier; scanner; wifi password; internet; email address; website; app; newsletter; job;
internship; volunteer work; salary; insurance; loan; credit card; bank account; exchange rate; tax; invoice; refund;
discount; gift card; loyalty points; membership; season ticket; parking ticket; driving licence; passport; visa;
residence permit; birth certificate; lawyer; police; fire brigade; ambulance; lost property; umbrella; wheelchair;
first aid kit; vaccination; blood test; prescription; glasses; hearing aid; dietary advice; yoga class;
language course; cooking class; dance lesson; school; university; exam; homework; translation; interpreter;
guided tour; map; audio guide; photograph; painting; sculpture; history; director; manager; staff uniform; owner;
architect; building; roof; basement; lift; stairs; emergency exit; fire alarm; air conditioning; heating; lighting;
noise; cleaning; garbage; recycling; delivery; parcel; warranty; repair; spare part; battery; tyre; petrol;
electric car; driver; truck; train ticket; flight; ferry; tram; weather; news; horoscope; joke; song; poem; recipe;
film; video game; wedding; birthday party; conference room; office; rental contract; flat; furniture; garden tools;
pet food; dog; cat; horse; baby; teenager; grandmother; group; school class
"""
_ASKED_EN = (
    "Is there a {} here?",
    "Where can I find a {}?",
    "How much does a {} cost?",
    "Can I bring or use a {}?",
    "Do you have information about the {}?",
    "When is the {} open?",
)
_OTHER_EN = """
When does the bank open?
Is the supermarket open on Sundays?
Where can I buy a bus ticket to another city?
What is the password of my computer at home?
Is there an ATM nearby?
Can you recommend a hotel nearby?
How do I get to the stadium?
Do you sell clothes?
Where can I rent a car?
How much is a night in a hotel?
What is on television tonight?
Where can I get a haircut?
How old are you?
"""

_ZH = """
游泳池; 桑拿房; 健身房; 取款机; 停车场; 共享单车; 公交站; 火车站; 机场大巴; 出租车; 理发店;
药店; 医生; 牙医; 医院; 邮局; 银行; 超市; 面包店; 餐厅; 酒吧; 咖啡; 自动售货机; 饮水机;
吸烟区; 儿童乐园; 母婴室; 幼儿园; 宠物店; 教堂; 图书馆; 电影院; 剧院; 演唱会; 足球赛;
网球场; 高尔夫球场; 滑雪场; 沙滩; 游船; 钓鱼; 动物园; 水族馆; 农场; 花园; 菜市场; 商场;
服装店; 鞋店; 书店; 花店; 珠宝; 玩具; 纪念品; 冰淇淋; 海鲜; 肉; 蔬菜; 比萨; 三明治;
早餐; 酒店房间; 床; 淋浴; 毛巾; 吹风机; 熨斗; 洗衣机; 电视; 电话; 手机; 笔记本电脑;
充电器; 打印机; 复印机; 无线网密码; 电子邮箱; 网站; 招聘; 实习; 志愿者; 工资; 保险; 贷款;
信用卡; 外汇; 税; 发票; 退款; 优惠券; 礼品卡; 积分; 会员卡; 月票; 停车费; 驾照; 护照;
签证; 居住证; 律师; 警察; 消防; 救护车; 失物招领; 雨伞; 轮椅; 急救箱; 疫苗; 验血; 处方;
眼镜; 助听器; 瑜伽课; 语言班; 烹饪课; 舞蹈课; 学校; 大学; 考试; 作业; 翻译; 导游; 地图;
讲解器; 照片; 油画; 历史; 经理; 老板; 建筑师; 屋顶; 地下室; 电梯; 楼梯; 紧急出口; 空调;
暖气; 垃圾分类; 快递; 保修; 维修; 零件; 电池; 轮胎; 汽油; 电动车; 司机; 火车票; 机票;
轮渡; 地铁; 天气; 新闻; 星座; 笑话; 歌; 诗; 菜谱; 电影; 游戏; 婚礼; 生日会; 会议室;
办公室; 租房合同; 家具; 狗粮; 小狗; 小猫; 老人; 旅行团
"""
_ASKED_ZH = ("这里有{}吗？", "{}在哪里？", "{}多少钱？", "可以带{}吗？", "介绍一下{}。", "{}几点开门？")
_OTHER_ZH = """
银行几点开门？
附近有酒店吗？
火车站怎么走？
哪里可以租车？
你们卖衣服吗？
"""


def decoys(language: str) -> tuple[str, ...]:
    """Questions about other things, in the primary language of a BCP-47 tag; none for a language without a list."""
    match language.split("-")[0].lower():
        case "en":
            return _asked(_EN, _ASKED_EN, _OTHER_EN)
        case "zh":
            return _asked(_ZH, _ASKED_ZH, _OTHER_ZH)
    return ()


def _asked(things: str, forms: tuple[str, ...], others: str) -> tuple[str, ...]:
    """Each thing asked for in one of the forms, in turn, and the other questions as they are."""
    listed = [each.strip() for each in things.replace("\n", " ").split(";")]
    return (*(forms[at % len(forms)].format(each) for at, each in enumerate(listed)), *others.strip().splitlines())
