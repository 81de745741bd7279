/** What we know: facts side by side, who knows them, two sliders through time. */

export const world = `
.attribute { display: grid; gap: 8px; padding-top: 16px; border-top: 1px solid var(--line); }
.attribute h2 { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; }
.beside-each-other { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); gap: 16px; }
.known { display: grid; gap: 8px; align-content: start; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round); background: var(--desk); overflow-wrap: anywhere; }
.known:target { border-color: var(--accent); }
.known, .attribute { scroll-margin-top: calc(var(--bar) + 48px); }
.knowing { display: grid; gap: 4px; }
.knowing li { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; }
.knowing .state { white-space: normal; align-items: baseline; }
.knowing .state svg { flex: none; }
.history { display: grid; gap: 4px; padding: 8px 0; }
.moments-of { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 16px 32px; padding: 16px; border: 1px solid var(--line); border-radius: var(--round); }
.moments-of > .actions { grid-column: 1 / -1; }
.moment-of { display: grid; gap: 8px; min-width: 0; margin: 0; padding: 0; border: 0; }
.moment-of input { min-width: 0; }
.attribute, .moments-of, .known { min-width: 0; }
.known .acts-line > form { display: flex; flex-wrap: wrap; gap: 8px; }
.known .acts-line details, .known .filter { min-width: 0; width: 100%; }
.known .acts-line details:not([open]) { width: auto; }
.slide { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 12px; align-items: center; }
.slide input { min-height: 24px; padding: 0; accent-color: var(--accent); }
.proposed { display: grid; gap: 12px; }
.proposed .known { align-items: start; grid-template-columns: 24px minmax(0, 1fr); }
.proposed .known > input { width: 18px; min-height: 18px; margin-top: 3px; }
.proposed .known > div { display: grid; gap: 8px; }
.proposed blockquote { padding-left: 12px; border-left: 2px solid var(--edge); color: var(--soft); }
.node .kind { fill: var(--soft); font-size: 12px; }
`;
