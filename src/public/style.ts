/** The one style of every public page: readable on a small phone, by daylight and on paper, without a script. */
export const style = `
:root { --ink: #14202b; --soft: #4a5864; --line: #c3ccd5; --sheet: #fff; --ground: #eef1f4; --main: #0b5cad; --bad: #a1160f; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 17px/1.55 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif; }
.drill { margin: 0; padding: 6px 16px; background: #f2b632; color: #1a1400; font-weight: 700; text-align: center; }
header.site, main { max-width: 720px; margin: 0 auto; padding: 12px 18px; }
header.site { display: flex; justify-content: space-between; align-items: center; gap: 16px; }
header.site a { padding: 8px 0; }
main { margin-bottom: 32px; padding: 18px 18px 28px; background: var(--sheet); border: 1px solid var(--line); border-radius: 4px; }
h1 { margin: 0 0 10px; font-size: 26px; line-height: 1.3; }
h2 { margin: 26px 0 6px; font-size: 20px; }
p, ul, ol, dl, table { margin: 0 0 14px; }
a { color: var(--main); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 7px 10px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.wide { overflow-x: auto; }
.links { padding: 0; list-style: none; }
.links a { display: block; padding: 12px 0; border-bottom: 1px solid var(--line); font-size: 19px; }
.field { margin: 0 0 18px; }
.field label { display: block; font-weight: 600; }
.field input, .field select, .field textarea { width: 100%; min-height: 46px; margin-top: 4px; padding: 8px 10px;
  border: 1px solid #73828f; border-radius: 4px; background: #fff; color: inherit; font: inherit; }
.field textarea { min-height: 110px; }
.field-check label { display: grid; grid-template-columns: 28px 1fr; gap: 8px; align-items: start; font-weight: 400; }
.field-check input { width: 22px; min-height: 22px; }
.needed { color: var(--bad); }
.hint { display: block; color: var(--soft); font-size: 15px; font-weight: 400; }
.fault { margin: 4px 0 0; color: var(--bad); font-weight: 600; }
.field [aria-invalid] { border: 2px solid var(--bad); }
.faults { margin: 0 0 18px; padding: 12px 16px; border: 2px solid var(--bad); border-radius: 4px; }
.faults ul { margin: 6px 0 0; padding-left: 22px; }
.receipt { padding: 12px 16px; border: 2px solid #1d6b3c; border-radius: 4px; font-size: 20px; }
button { min-height: 50px; padding: 8px 28px; border: 0; border-radius: 4px; background: var(--main); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid #f2b632; outline-offset: 2px; }
@media (max-width: 560px) { main { border-width: 1px 0; border-radius: 0; } button { width: 100%; } h1 { font-size: 23px; } }
@media print {
  body { background: #fff; font-size: 12pt; }
  header.site a, button { display: none; }
  main { max-width: none; padding: 0; border: 0; }
  .drill { border: 2px solid #000; background: #fff; }
  tr, .receipt { break-inside: avoid; }
}`;
