import { theme as antdTheme, type ThemeConfig } from "antd";
import type { ThemeName } from "./preferences.ts";

/**
 * Risk levels, ordered in lightness so that they survive grey print and colour blindness; a mark
 * always carries its outline and its word too, since low is only 1.4:1 on white.
 */
export const riskColours = { high: "#8c1d18", medium: "#d9730d", low: "#f6dc7c" } as const;
export type RiskLevel = keyof typeof riskColours;

/** Series of the epidemic curve, told apart by lightness as well as hue. */
export const seriesColours = {
  light: {
    confirmed: "#123f73",
    asymptomatic: "#5aa9e6",
    realConfirmed: "#5c6670",
    realAsymptomatic: "#b9c1c9",
    others: ["#123f73", "#5aa9e6", "#d55e00", "#7a5ea8", "#4d8f6b", "#999999"],
  },
  dark: {
    confirmed: "#4f93dd",
    asymptomatic: "#a9d4f7",
    realConfirmed: "#8d99a6",
    realAsymptomatic: "#4b5763",
    others: ["#4f93dd", "#a9d4f7", "#f0934a", "#b39ddb", "#7fc4a0", "#8d99a6"],
  },
} as const;

export const fontStack = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

const shared = {
  fontFamily: fontStack,
  borderRadius: 4,
  // The compact algorithm takes two off: controls and tables come out at 13.
  fontSize: 15,
} as const;

const components = { Table: { cellPaddingInlineSM: 10, cellPaddingBlockSM: 5 } } as const;

const light: ThemeConfig = {
  algorithm: antdTheme.compactAlgorithm,
  token: {
    ...shared,
    colorPrimary: "#0b5cad",
    colorLink: "#0b5cad",
    // The kit's own red is 3.3:1 on white.
    colorError: "#b3261e",
    colorTextPlaceholder: "rgba(0,0,0,0.6)",
    colorTextDescription: "rgba(0,0,0,0.68)",
    colorBgLayout: "#eef1f4",
  },
  components,
};

const dark: ThemeConfig = {
  algorithm: [antdTheme.darkAlgorithm, antdTheme.compactAlgorithm],
  token: {
    ...shared,
    colorPrimary: "#4f93dd",
    colorLink: "#86bdf3",
    colorError: "#ff8f84",
    colorBgBase: "#0f161d",
    colorBgContainer: "#121b24",
    colorBgElevated: "#1b2733",
    colorBorder: "#4b5f73",
    colorBorderSecondary: "#263442",
    colorTextPlaceholder: "rgba(255,255,255,0.62)",
    colorTextDescription: "rgba(255,255,255,0.7)",
  },
  // White on the dark theme's lighter primary would be 4.1:1.
  components: {
    ...components,
    Button: { colorPrimary: "#2a6db5", colorPrimaryHover: "#3a7dc4", dangerColor: "#2b0805" },
  },
};

/** The kit's tokens for light or dark; nothing slides or grows for those who asked for less movement. */
export function themeConfig(name: ThemeName, still: boolean): ThemeConfig {
  const chosen = name === "dark" ? dark : light;
  return still ? { ...chosen, token: { ...chosen.token, motion: false } } : chosen;
}
