import { uniform } from "#kernel/prng";

/**
 * Chinese names as often as they occur, about: surnames with their shares of the population (the hundred commonest make up
 * five of six people), given names of one or two characters from those that are commonest, the first ones most. Nobody real is meant.
 */

/** Shares in ten-thousandths. */
const surnameShares: readonly (readonly [string, number])[] = [
  ["王", 725],
  ["李", 719],
  ["张", 683],
  ["刘", 538],
  ["陈", 453],
  ["杨", 308],
  ["黄", 223],
  ["赵", 218],
  ["吴", 205],
  ["周", 212],
  ["徐", 167],
  ["孙", 154],
  ["马", 129],
  ["朱", 126],
  ["胡", 131],
  ["郭", 115],
  ["何", 117],
  ["林", 113],
  ["高", 110],
  ["罗", 86],
];
/** The next ones, each a little rarer than the one before. */
const rarerSurnames =
  "郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由";
const surnames = weighted([
  ...surnameShares,
  ...Array.from(rarerSurnames, (name, i) => [name, 78 / (1 + i / 22)] as const),
]);

const menCharacters =
  "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆建国文志海林峰龙云东亮成永春生庆福德荣金祥玉宝新清江永振兴胜利学忠义良才富贵喜根山川河松柏岩阳光晨旭子轩浩然博天佑泽睿瑞嘉豪铭哲航昊翔晓小大立正中长世家传继承守信仁和顺安康宁贤圣启元景程安思远向前卫爱民保全树木森炳焕耀星月雷震霆昌达运来连庄占绪衍克法现兆同发万有余存孝敬本修善";
const womenCharacters =
  "芳娜敏静丽艳娟秀霞英玉兰红桂梅莉雪妹香月莺媛婷燕玲萍华慧芬琴云莲真环爱洁倩晶欣怡佳颖琳瑶璐雯梦婉涵雨萱诗语紫子妍思彤可馨若曦欣然凤素珍花荣巧美惠春秋冬菊荷翠青文小晓亚冰冉蕾薇菲丹宁安平贞淑贤德兰芝蓉芹苹楠晨阳悦乐笑甜甜瑞嘉艺珊珊莎锦黛碧璧润珠琪瑾瑜玥昕彦凌清溪卉茹竹筠彩飘叶枝眉茜荔伊姣婵娇婕";
const men = zipf(menCharacters);
const women = zipf(womenCharacters);

interface Weighted {
  readonly values: readonly string[];
  readonly upTo: Float64Array;
}

function weighted(pairs: readonly (readonly [string, number])[]): Weighted {
  const upTo = new Float64Array(pairs.length);
  let sum = 0;
  pairs.forEach(([, weight], i) => (upTo[i] = sum += weight));
  for (let i = 0; i < upTo.length; i++) upTo[i] = (upTo[i] ?? 0) / sum;
  return { values: pairs.map(([value]) => value), upTo };
}

/** Zipf–Mandelbrot: no character is as common as a plain Zipf would have it. */
function zipf(characters: string): Weighted {
  return weighted(Array.from(characters, (one, i) => [one, 1 / (i + 8)] as const));
}

function draw({ values, upTo }: Weighted, share: number): string {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] ?? 1) < share) low = middle + 1;
    else high = middle;
  }
  return values[low] ?? "";
}

export function surnameOf(seed: number, family: number): string {
  return draw(surnames, uniform(seed, family, 11));
}

/** One given name in eight has a single character: fewer among the young, who are not told apart here. */
const singleShare = 0.13;

export function givenNameOf(seed: number, person: number, sex: "male" | "female"): string {
  const characters = sex === "male" ? men : women;
  const first = draw(characters, uniform(seed, person, 12));
  return uniform(seed, person, 13) < singleShare ? first : first + draw(characters, uniform(seed, person, 14));
}

/** Another character for one that was heard and not read. */
export function misheard(name: string, share: number): string {
  const at = name.length - 1 - (share < 0.3 && name.length > 2 ? 1 : 0);
  return name.slice(0, at) + draw(men, share) + name.slice(at + 1);
}
