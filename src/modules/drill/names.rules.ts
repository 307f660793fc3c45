import { uniform } from "#kernel/prng";

/** The commonest surnames and given-name characters, so that lists look like lists; nobody real is meant. */
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力梅鑫波斌宇浩凯健俊帆雪荣爱妹香月莺媛";

function pick(letters: string, seed: number, person: number, purpose: number): string {
  return letters[Math.floor(uniform(seed, person, purpose, 7_717) * letters.length)] ?? "";
}

/** An invented name of two or three characters; a household shares its surname. */
export function inventedName(seed: number, person: number, household: number): string {
  const first = pick(given, seed, person, 2);
  const second = uniform(seed, person, 3, 7_717) < 0.7 ? pick(given, seed, person, 4) : "";
  return pick(surnames, seed, household, 1) + first + second;
}
