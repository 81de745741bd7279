/** Asking and the state of memory: a claim with its evidence beside it, figures with their bar. */

export const ask = `
.ask { display: grid; gap: 12px; padding: 16px; border: 1px solid var(--edge); border-radius: 12px; background: var(--paper); box-shadow: 0 1px 2px var(--shade); }
.ask:focus-within { border-color: var(--accent); }
.ask textarea { resize: none; min-height: 56px; padding: 0; border: 0; background: none; font-size: var(--head); line-height: 28px; outline: none; }
.ask .below { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.ask .below .button { margin-left: auto; }
.choice { display: flex; flex-wrap: wrap; gap: 4px; border: 0; margin: 0; padding: 0; min-width: 0; align-items: center; }
.choice legend { float: left; padding: 0 4px 0 0; color: var(--soft); font-size: var(--small); }
.choice label { position: relative; display: inline-flex; align-items: center; min-height: 32px; padding: 0 12px; border: 1px solid var(--line); border-radius: 16px; color: var(--soft); font-size: var(--small); font-weight: 500; cursor: pointer; }
.choice input { position: absolute; inset: 0; width: auto; min-height: 0; margin: 0; opacity: 0; cursor: pointer; }
.choice label:hover { background: var(--hover); }
.choice label:has(:checked) { border-color: var(--accent); background: var(--tint); color: var(--ink); }
.choice label:has(:checked)::before { content: ""; width: 8px; height: 4px; margin: -3px 8px 0 0; border: solid var(--accent); border-width: 0 0 2px 2px; transform: rotate(-45deg); }
.choice label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.ask .whom { width: auto; min-height: 32px; max-width: 28ch; padding-block: 3px; font-size: var(--small); }
.ask:not(:has([value="contact"]:checked, [value="each"]:checked)) .whom { display: none; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 24px 32px; align-items: start; }
.columns .claim { grid-template-columns: minmax(0, 1fr); }
.page:has(.columns) { max-width: 1440px; }

.answer { display: grid; gap: 24px; }
.answer-head { display: grid; gap: 8px; }
.answer-head .facts { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: center; color: var(--soft); font-size: var(--small); line-height: 20px; }
.claims { display: grid; }
.claim { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 16px 40px; padding: 20px 0; border-top: 1px solid var(--line); }
.claim > p { font-size: var(--head); line-height: 28px; }
.ref { display: inline-block; min-width: 20px; margin-left: 4px; padding: 0 5px; border-radius: 10px; background: var(--tint); color: var(--accent); font-size: var(--small); line-height: 20px; font-weight: 600; text-align: center; vertical-align: 2px; }
a.ref:hover { background: var(--accent); color: var(--on-accent); }
.proofs { display: grid; gap: 12px; align-content: start; }
.proof { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 4px 10px; scroll-margin: 80px; }
.proof .ref { margin: 0; justify-self: start; align-self: start; }
.proof blockquote { padding-left: 12px; border-left: 2px solid var(--edge); white-space: pre-wrap; }
.proof .about { grid-column: 2; display: flex; flex-wrap: wrap; gap: 0 12px; padding-left: 14px; color: var(--soft); font-size: var(--small); line-height: 20px; }
.proof:target blockquote { border-left-color: var(--accent); background: var(--tint); }
.lacking { display: grid; gap: 12px; padding: 20px 24px; border: 1px solid var(--line); border-radius: 12px; background: var(--desk); }
.lacking .plainly { font-size: var(--head); line-height: 28px; }
.lacking ul { display: grid; gap: 4px; color: var(--soft); }
.lacking li { display: grid; grid-template-columns: 16px 1fr; }
.lacking li::before { content: "–"; color: var(--faint); }
.recent { display: grid; }
.recent > h2 { padding-bottom: 8px; font-size: var(--text); }
.recent li > a { display: grid; grid-template-columns: minmax(0, 1fr) 200px 72px; gap: 4px 16px; align-items: center; padding: 12px 0; border-top: 1px solid var(--line); }
.recent li > a:hover { background: var(--hover); box-shadow: -12px 0 var(--hover), 12px 0 var(--hover); }
.recent time { color: var(--faint); font-size: var(--small); text-align: right; }
.tries { display: flex; flex-wrap: wrap; gap: 8px; }
.tries a { padding: 3px 12px; border: 1px solid var(--line); border-radius: 16px; color: var(--soft); font-size: var(--small); line-height: 24px; }
.tries a:hover { border-color: var(--edge); color: var(--ink); }

.state-of-memory { display: grid; gap: 24px; }
.state-of-memory section { padding-top: 16px; }
.state-of-memory .page-head { padding-bottom: 8px; }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 24px; }
.figure { display: grid; gap: 4px; }
.figure dd { font-size: var(--title); line-height: 32px; font-weight: 600; letter-spacing: -0.015em; }
.figure dt { order: -1; }
.meter { display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--raised); }
.meter .ready { fill: var(--good); }
.meter .processing { fill: var(--accent); }
.meter .pending { fill: var(--wait); }
.meter .failed { fill: var(--bad); }
.filter { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
.filter select, .filter input { width: auto; min-width: 224px; height: 36px; }
.filter input.tick { height: auto; }

@media (scripting: enabled) {
  .filter .unscripted { display: none; }
}
@media (max-width: 719px) {
  .claim { grid-template-columns: minmax(0, 1fr); gap: 12px; }
  .state-of-memory { display: grid; gap: 24px; }
.state-of-memory section { padding-top: 16px; }
.state-of-memory .page-head { padding-bottom: 8px; }
.figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
  .recent li > a { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; }
  .recent li > a > :first-child { grid-column: span 2; }
  .filter, .filter .field { width: 100%; }
  .filter select, .filter input { width: 100%; }
  .ask .below .button { width: 100%; margin: 0; }
  .ask .whom { max-width: none; width: 100%; }
}
`;
