/** How colours differ: contrast as WCAG 2.2 defines it, and distance in OKLab, also as people with fewer kinds of cones see them. */

export type Rgb = readonly [number, number, number];

export function parseHex(text: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (match === null) throw new Error(`not a colour: ${text}`);
  const [, red = "", green = "", blue = ""] = match;
  return [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)];
}

function linear([red, green, blue]: Rgb): Rgb {
  const one = (value: number) => {
    const part = value / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return [one(red), one(green), one(blue)];
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2.2, contrast ratio: from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

type Matrix = readonly [Rgb, Rgb, Rgb];

const times = (matrix: Matrix, [x, y, z]: Rgb): Rgb => {
  const row = ([a, b, c]: Rgb) => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** Complete dichromacy, for linear RGB: Machado, Oliveira and Fernandes (2009), severity 1. */
export const sights: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
  ],
  deuteranopia: [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_82, 0.042_94, 0.968_881],
  ],
  tritanopia: [
    [1.255_528, -0.076_749, -0.178_779],
    [-0.078_411, 0.930_809, 0.147_602],
    [0.004_733, 0.691_367, 0.3039],
  ],
};

/** Ottosson (2020), OKLab of linear RGB. */
function oklab(rgb: Rgb): Rgb {
  const cones = times(
    [
      [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
      [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
      [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
    ],
    rgb,
  );
  const [l, m, s] = cones.map((value) => Math.cbrt(Math.max(0, value))) as unknown as Rgb;
  return times(
    [
      [0.210_454_255_3, 0.793_617_785, -0.004_072_046_8],
      [1.977_998_495_1, -2.428_592_205, 0.450_593_709_9],
      [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766],
    ],
    [l, m, s],
  );
}

/** The distance of two colours in OKLab, times 100, as somebody with that sight sees them. */
export function distance(a: Rgb, b: Rgb, sight: Matrix): number {
  const clip = (colour: Rgb): Rgb => {
    const [x, y, z] = times(sight, linear(colour)).map((value) => Math.min(1, Math.max(0, value)));
    return [x ?? 0, y ?? 0, z ?? 0];
  };
  const [from, to] = [oklab(clip(a)), oklab(clip(b))];
  return 100 * Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}
