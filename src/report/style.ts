/** The page's whole style: light and dark, narrow windows, print. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1e24; --soft: #5b6270; --paper: #ffffff; --line: #d6dae2; --tint: #f4f6f9; --warn: #fff3d6; --warn-line: #c98a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ec; --soft: #a4abb8; --paper: #15171b; --line: #363b45; --tint: #1d2026; --warn: #3a2f12; --warn-line: #d9a32b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 66rem; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
nav a { margin-right: .75rem; }
a { color: inherit; }
.subtitle, .missing, caption, figcaption { color: var(--soft); }
.label { margin: .75rem 0; padding: .6rem .9rem; background: var(--warn); border-left: 4px solid var(--warn-line); }
.scroll { overflow-x: auto; margin: 0 0 1.25rem; }
table { border-collapse: collapse; font-size: .88rem; }
caption { text-align: left; padding: .25rem 0; font-weight: 600; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; max-width: 32rem; }
th { font-weight: 600; }
thead th { vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; margin: .5rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem 2rem; margin: 1.25rem 0; }
figure { margin: 0; }
figure.wide { grid-column: 1 / -1; }
figure svg { display: block; max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); padding: .4rem; }
figcaption { font-size: .9rem; margin-top: .5rem; max-width: 46rem; }
code { font-size: .9em; overflow-wrap: anywhere; }
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --line: #bbb; --warn: #fff; --warn-line: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .figures { display: block; }
  figure { margin-bottom: 1rem; }
  figure svg { border: 0; padding: 0; }
  .scroll { overflow: visible; }
}
`;
