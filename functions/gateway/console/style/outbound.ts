/** Outbound: a message between the list and its evidence, its acts below it, its life as a line of moments. */

export const outbound = `
.panes.next { grid-template-columns: 340px minmax(0, 1fr) 360px; }
.sheet { display: grid; gap: 20px; align-content: start; padding: 24px; }
.sheet .words, .life .words { display: grid; gap: 4px; justify-items: start; }
.words .said { max-width: 60ch; background: var(--tint); border-color: transparent; }
.verdict { align-items: center; }
.verdict svg { margin: 0; align-self: start; margin-top: 4px; }
.verdict.wait svg { color: var(--wait); }
.verdict.bad svg { color: var(--bad); }
.about .state { white-space: normal; }
.acts { display: flex; flex-wrap: wrap; gap: 8px; align-items: start; flex: none; padding: 12px 24px; border-top: 1px solid var(--line); background: var(--paper); }
.acts summary { list-style: none; }
.acts summary::-webkit-details-marker { display: none; }
.acts details[open] { order: 2; flex: 1 0 100%; display: grid; gap: 8px; justify-items: start; }
.acts details form { width: 100%; }
.acts details form { display: grid; gap: 8px; justify-items: start; margin-top: 8px; }
.acts .chief kbd { border-color: transparent; background: none; color: inherit; }
.acts .hindered { flex: 1 0 100%; order: 1; }
.changed { margin-top: 8px; }
.changed dd { white-space: pre-wrap; }
.thread-head .facts .clip { min-width: 0; }

.tries a[aria-current] { border-color: var(--accent); background: var(--tint); color: var(--ink); }
.snippet { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.outgoing .why { display: block; }
.state-line { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: center; }
.page-head .tabs { padding-bottom: 8px; }
.page section > h2 { padding-bottom: 8px; }
.page.narrow { max-width: 720px; }
.facts-line { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: center; }
.life .small + .about { padding-top: 8px; }
.life { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 40px; }
.said-side { display: grid; gap: 20px; align-content: start; }
.moment { display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 4px 12px; padding: 10px 0; border-top: 1px solid var(--line); }
.moment > svg { margin-top: 4px; color: var(--faint); }
.moment.good > svg { color: var(--good); }
.moment.wait > svg { color: var(--wait); }
.moment.bad > svg { color: var(--bad); }
.moment.busy > svg { color: var(--accent); }
.when { display: grid; justify-items: end; }
.follows { display: grid; gap: 8px; padding-top: 16px; border-top: 1px solid var(--line); }
.settle { display: grid; gap: 8px; padding-top: 8px; }
.writing { display: grid; gap: 20px; }
.picks { display: grid; gap: 0; margin: 0; padding: 0; border: 0; min-width: 0; }
.picks legend { padding: 0 0 8px; font-size: var(--small); line-height: 20px; font-weight: 500; color: var(--soft); }
.picks .pick { padding: 8px 0; border-top: 1px solid var(--line); }
.pick { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 12px; align-items: start; font-size: var(--small); line-height: 20px; cursor: pointer; }
.pick input { width: 16px; min-height: 0; height: 16px; margin: 2px; padding: 0; accent-color: var(--accent); }
.pick > span { display: grid; }
.policies { display: grid; }
.policy { scroll-margin-top: calc(var(--bar) + 16px); display: grid; gap: 8px; padding: 12px 0; border-top: 1px solid var(--line); font-size: var(--small); line-height: 20px; }
.policy .state { white-space: normal; }
.policy .stands { display: grid; gap: 4px; }
.quoted { display: block; padding-left: 12px; border-left: 2px solid var(--edge); color: var(--soft); white-space: pre-wrap; }
.acts-line { display: flex; flex-wrap: wrap; gap: 8px; align-items: start; }
.acts-line summary { list-style: none; }
.acts-line summary::-webkit-details-marker { display: none; }
.acts-line details[open] { order: 2; flex: 1 0 100%; display: grid; gap: 12px; justify-items: start; }
.acts-line details[open] > * { width: 100%; }
.acts-line details[open] > summary { width: auto; justify-self: start; background: var(--tint); border-color: var(--accent); }
.acts-line form, .hold form { display: grid; gap: 12px; justify-items: start; }
.acts-line form > .field, .hold form > input { width: 100%; max-width: 480px; }
.acts-line details > form, .acts-line details > .notice { margin-top: 12px; }
.hold { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 16px; }
.hold .state { white-space: normal; }
.hold .state svg { margin-top: 0; }
.hold .said { max-width: 60ch; background: var(--paper); }
.reach { display: grid; gap: 12px; align-content: start; }
.page .reach > h2 { padding-bottom: 0; }
.rule { display: grid; gap: 12px; margin: 0; padding: 16px 0 0; border: 0; border-top: 1px solid var(--line); min-width: 0; }
.rule legend { float: left; width: 100%; padding: 0; font-size: var(--text); font-weight: 600; }
.rule legend + * { clear: both; }
.rule.pair { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.rule.pair legend { grid-column: 1 / -1; }
.gap { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.2fr) minmax(0, 1fr); gap: 8px; }
.gap.condition { grid-template-columns: 144px minmax(0, 2fr) minmax(0, 1fr); }
.step { display: grid; grid-template-columns: minmax(0, 1fr) 80px 128px; gap: 8px; }
.step .pick { grid-column: 1 / -1; justify-self: start; }
.counted { display: grid; gap: 8px; }
.counted:empty { display: none; }
.cost:empty { display: none; }
.brief-list a { display: grid; grid-template-columns: minmax(0, 1fr) auto 72px; gap: 16px; align-items: center; padding: 8px 0; border-top: 1px solid var(--line); font-size: var(--small); line-height: 20px; }
.brief-list a:hover { background: var(--hover); }
.brief-list time { color: var(--faint); text-align: right; }

@media (min-width: 720px) {
  .outgoing { table-layout: fixed; }
  .outgoing th { width: 15%; }
  .outgoing th:nth-child(2) { width: auto; }
  .outgoing th:nth-child(4) { width: 9%; }
  .outgoing th:nth-child(5) { width: 18%; }
}
@media (scripting: enabled) {
  body:not([data-email]) .only-email { display: none; }
  .writing [value="preview"] { display: none; }
}
@media (max-width: 1239px) {
  .panes.next { grid-template-columns: 300px minmax(0, 1fr) 320px; }
}
@media (max-width: 1023px) {
  .panes.next { grid-template-columns: 280px minmax(0, 1fr); grid-template-rows: minmax(0, 3fr) minmax(0, 2fr); }
  .life { grid-template-columns: minmax(0, 1fr); gap: 24px; }
}
@media (max-width: 719px) {
  .panes.next { display: block; height: auto; padding-bottom: var(--bar); }
  .panes.next > .message, .panes.next > .beside { display: none; }
  .thread.message { height: auto; }
  .sheet { padding: 16px; }
  .acts { padding: 12px 16px; }
  .step { grid-template-columns: 80px minmax(0, 1fr); padding-bottom: 8px; border-bottom: 1px solid var(--line); }
  .step > :first-child { grid-column: 1 / -1; }
  .gap { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); padding-bottom: 8px; border-bottom: 1px solid var(--line); }
  .gap > :last-child { grid-column: 1 / -1; }
  .gap.condition { grid-template-columns: minmax(0, 1fr); }
  .acts kbd { display: none; }
  .thread-head .roomy { display: none; }
  .outgoing .actions { flex-wrap: wrap; }
  .brief-list a { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; }
  .brief-list .clip { grid-column: 1 / -1; }
}
@media (hover: none) {
  .acts kbd { display: none; }
}
`;
