"""Named periods, dynasties and reigns → their years, by the dates that museums print most: Egypt after Shaw (The Oxford History
of Ancient Egypt, 2000), China, Korea and Japan after the Metropolitan Museum's timeline. Years before the common era are
negative."""

PERIODS: dict[str, tuple[int, int]] = {
    # China
    "shang": (-1600, -1046), "western zhou": (-1046, -771), "eastern zhou": (-770, -256), "zhou": (-1046, -256),
    "spring and autumn": (-770, -476), "warring states": (-475, -221), "qin": (-221, -206), "western han": (-206, 9),
    "eastern han": (25, 220), "han": (-206, 220), "six dynasties": (220, 589), "northern wei": (386, 534),
    "eastern wei": (534, 550), "western wei": (535, 556), "northern qi": (550, 577), "northern zhou": (557, 581),
    "sui": (581, 618), "tang": (618, 907), "five dynasties": (907, 960), "liao": (907, 1125), "northern song": (960, 1127),
    "southern song": (1127, 1279), "song": (960, 1279), "jin": (1115, 1234), "western xia": (1038, 1227),
    "yuan": (1271, 1368), "ming": (1368, 1644), "qing": (1644, 1911), "hongwu": (1368, 1398), "yongle": (1403, 1424),
    "xuande": (1426, 1435), "chenghua": (1465, 1487), "hongzhi": (1488, 1505), "zhengde": (1506, 1521),
    "jiajing": (1522, 1566), "longqing": (1567, 1572), "wanli": (1573, 1620), "tianqi": (1621, 1627),
    "chongzhen": (1628, 1644), "shunzhi": (1644, 1661), "kangxi": (1662, 1722), "yongzheng": (1723, 1735),
    "qianlong": (1736, 1795), "jiaqing": (1796, 1820), "daoguang": (1821, 1850), "xianfeng": (1851, 1861),
    "tongzhi": (1862, 1874), "guangxu": (1875, 1908),
    # Japan and Korea
    "jomon": (-10500, -300), "yayoi": (-300, 300), "kofun": (300, 538), "asuka": (538, 710), "nara": (710, 794),
    "heian": (794, 1185), "kamakura": (1185, 1333), "nanbokucho": (1336, 1392), "muromachi": (1392, 1573),
    "momoyama": (1573, 1615), "azuchi-momoyama": (1573, 1615), "edo": (1615, 1868), "tokugawa": (1615, 1868),
    "meiji": (1868, 1912), "taisho": (1912, 1926), "showa": (1926, 1989), "heisei": (1989, 2019),
    "goryeo": (918, 1392), "koryo": (918, 1392), "joseon": (1392, 1910), "choson": (1392, 1910), "silla": (-57, 935),
    # Egypt and the ancient Near East
    "predynastic": (-5000, -3000), "early dynastic": (-3000, -2686), "old kingdom": (-2686, -2160),
    "first intermediate": (-2160, -2055), "middle kingdom": (-2055, -1650), "second intermediate": (-1650, -1550),
    "new kingdom": (-1550, -1069), "amarna": (-1352, -1336), "ramesside": (-1295, -1069),
    "third intermediate": (-1069, -664), "late period": (-664, -332), "ptolemaic": (-332, -30), "saite": (-664, -525),
    "akkadian": (-2350, -2150), "ur iii": (-2112, -2004), "old babylonian": (-2000, -1595), "kassite": (-1595, -1155),
    "neo-assyrian": (-911, -609), "neo-babylonian": (-626, -539), "achaemenid": (-550, -330), "seleucid": (-312, -63),
    "parthian": (-247, 224), "sasanian": (224, 651), "sassanian": (224, 651),
    # Greece, Rome, Europe
    "cycladic": (-3200, -2000), "minoan": (-2700, -1450), "mycenaean": (-1600, -1100), "geometric": (-900, -700),
    "archaic": (-700, -480), "hellenistic": (-323, -31), "roman republic": (-509, -27), "roman imperial": (-27, 476),
    "byzantine": (330, 1453), "merovingian": (481, 751), "carolingian": (750, 900), "ottonian": (919, 1024),
    "georgian": (1714, 1837), "regency": (1811, 1820), "victorian": (1837, 1901), "edwardian": (1901, 1910),
    # the Islamic world and India
    "umayyad": (661, 750), "abbasid": (750, 1258), "fatimid": (909, 1171), "seljuk": (1037, 1194), "seljuq": (1037, 1194),
    "ayyubid": (1171, 1260), "mamluk": (1250, 1517), "ilkhanid": (1256, 1353), "timurid": (1370, 1507),
    "safavid": (1501, 1736), "zand": (1751, 1794), "qajar": (1789, 1925), "ottoman": (1299, 1922), "nasrid": (1232, 1492),
    "mauryan": (-322, -185), "maurya": (-322, -185), "shunga": (-185, -73), "kushan": (30, 375), "gupta": (320, 550),
    "pala": (750, 1174), "chola": (850, 1279), "vijayanagara": (1336, 1646), "mughal": (1526, 1857),
    # the Americas; prehistory
    "olmec": (-1500, -400), "preclassic": (-2000, 250), "late classic": (600, 900), "postclassic": (900, 1521),
    "moche": (100, 800), "nasca": (-100, 800), "nazca": (-100, 800), "inca": (1438, 1533), "inka": (1438, 1533),
    "aztec": (1325, 1521), "neolithic": (-10000, -2000), "bronze age": (-3300, -1200), "iron age": (-1200, -500),
}  # fmt: skip

EGYPTIAN_DYNASTIES: dict[int, tuple[int, int]] = dict(enumerate((
    (-3000, -2890), (-2890, -2686), (-2686, -2613), (-2613, -2494), (-2494, -2345), (-2345, -2181), (-2181, -2160),
    (-2181, -2160), (-2160, -2025), (-2160, -2025), (-2125, -1985), (-1985, -1773), (-1773, -1650), (-1773, -1650),
    (-1650, -1550), (-1650, -1580), (-1580, -1550), (-1550, -1295), (-1295, -1186), (-1186, -1069), (-1069, -945),
    (-945, -715), (-818, -715), (-727, -715), (-747, -656), (-664, -525), (-525, -404), (-404, -399), (-399, -380),
    (-380, -343), (-343, -332),
), start=1))  # fmt: skip
