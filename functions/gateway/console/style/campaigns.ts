/** Bars, columns and their legends on the pages of campaigns. */

export const campaigns = `
.outcome { display: grid; gap: 8px; }
.progress { display: block; border-radius: 4px; background: var(--raised); }
.chart { display: block; width: 100%; height: 120px; border-bottom: 1px solid var(--line); }
.outcome .good { fill: var(--good); }
.outcome .busy { fill: var(--accent); }
.outcome .wait { fill: var(--wait); }
.outcome .bad { fill: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; color: var(--soft); font-size: var(--small); line-height: 20px; }
.mark { display: inline-block; width: 10px; height: 10px; border-radius: 2px; }
.mark.good { background: var(--good); }
.mark.busy { background: var(--accent); }
.mark.wait { background: var(--wait); }
.mark.bad { background: var(--bad); }
.reasons { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px 32px; }
.reasons h3 { color: var(--faint); font-size: var(--small); font-weight: 500; }
.steps { display: grid; gap: 4px; }
`;
