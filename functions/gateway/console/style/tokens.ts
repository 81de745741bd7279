/** The console's measures and colours, once for light and dark, and the bare elements drawn with them. */

export const tokens = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #131417);
  --desk: light-dark(#f6f6f8, #0c0d0f);
  --raised: light-dark(#f3f3f6, #1c1e22);
  --hover: light-dark(#f1f1f4, #1a1c20);
  --line: light-dark(#e5e5ea, #26282e);
  --edge: light-dark(#d3d4db, #363942);
  --ink: light-dark(#17181c, #ececef);
  --soft: light-dark(#595c66, #a4a7b1);
  --faint: light-dark(#656873, #90939e);
  --accent: light-dark(#3b5bdb, #91a7ff);
  --on-accent: light-dark(#ffffff, #0f1220);
  --tint: light-dark(#edf1fe, #1b2140);
  --good: light-dark(#187a48, #55c68d);
  --wait: light-dark(#8f6000, #e2b655);
  --bad: light-dark(#bb2d1b, #ff9281);
  --note: light-dark(#fff9e8, #26210f);
  --note-line: light-dark(#dfc47a, #6a5921);
  --alarm: light-dark(#fdf0ee, #2c1714);
  --shade: light-dark(#1018280f, #00000040);
  --small: 13px;
  --text: 15px;
  --head: 18px;
  --title: 24px;
  --round: 8px;
  --bar: 56px;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 var(--text)/24px var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, ol, dl, dd, figure, blockquote { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: var(--title); line-height: 32px; font-weight: 600; letter-spacing: -0.015em; }
h2 { font-size: var(--head); line-height: 24px; font-weight: 600; letter-spacing: -0.01em; }
h3 { font-size: var(--small); line-height: 16px; font-weight: 600; }
a { color: inherit; text-decoration: none; }
.link { color: var(--accent); text-decoration: underline; text-decoration-color: color-mix(in srgb, var(--accent) 40%, transparent); text-underline-offset: 3px; }
.link:hover { text-decoration-color: currentColor; }
small, .small { font-size: var(--small); line-height: 20px; }
code, .mono { font: 400 12px/20px var(--mono); font-size: var(--small); font-variant-ligatures: none; }
.soft { color: var(--soft); }
.faint { color: var(--faint); }
.strong { font-weight: 600; }
.clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; overflow-wrap: normal; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
svg { display: block; flex: none; }
time { white-space: nowrap; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
::selection { background: color-mix(in srgb, var(--accent) 28%, transparent); }

.state { display: inline-flex; align-items: center; gap: 6px; font-size: var(--small); line-height: 20px; color: var(--soft); white-space: nowrap; }
.state svg { color: var(--faint); }
.state.good svg { color: var(--good); }
.state.wait svg { color: var(--wait); }
.state.bad svg { color: var(--bad); }
.state.busy svg { color: var(--accent); }
.tag { display: inline-block; padding: 0 6px; border-radius: 4px; background: var(--raised); color: var(--soft); font-size: var(--small); line-height: 20px; white-space: nowrap; }

.button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 36px; padding: 5px 14px; border: 1px solid var(--edge); border-radius: var(--round); background: var(--paper); color: var(--ink); font: 500 var(--text)/24px var(--sans); white-space: nowrap; cursor: pointer; }
.button:hover { background: var(--hover); }
.button.chief { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.button.chief:hover { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); }
.button.slight { min-height: 28px; padding: 1px 10px; font-size: var(--small); }
.field { display: grid; gap: 4px; }
.field > label, .field > .label { font-size: var(--small); line-height: 20px; font-weight: 500; color: var(--soft); }
input, select, textarea { width: 100%; min-height: 36px; padding: 5px 12px; border: 1px solid var(--edge); border-radius: var(--round); background: var(--paper); color: inherit; font: 400 var(--text)/24px var(--sans); }
select { padding-right: 8px; }
textarea { display: block; resize: vertical; field-sizing: content; min-height: 64px; max-height: 40vh; }
input::placeholder, textarea::placeholder { color: var(--faint); opacity: 1; }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: -1px; border-color: var(--accent); }
kbd, .key { display: inline-block; min-width: 20px; padding: 0 5px; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: var(--soft); font: 500 var(--small)/18px var(--sans); text-align: center; }

.empty { display: grid; gap: 8px; justify-items: start; max-width: 52ch; }
.empty p { color: var(--soft); }
.notice { display: flex; gap: 8px; align-items: flex-start; padding: 8px 12px; border: 1px solid var(--line); border-radius: var(--round); background: var(--raised); }
.notice svg { margin-top: 5px; }
.notice.bad { background: var(--alarm); border-color: color-mix(in srgb, var(--bad) 30%, transparent); }
.notice.bad svg { color: var(--bad); }
.notice.good svg { color: var(--good); }

@media (prefers-reduced-motion: no-preference) {
  .button, .row, .hit { transition: background-color 80ms linear; }
  .fresh { animation: fresh 2s ease-out; }
  @keyframes fresh { from { background-color: var(--tint); } }
}
@media (max-width: 719px) {
  input, select, textarea { font-size: 16px; }
  .button { min-height: 40px; }
}
`;
