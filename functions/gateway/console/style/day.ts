/** The planner: what was said, the plan's lines, progress, the picture of links. */

export const day = `
.capture { display: grid; gap: 8px; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round); background: var(--desk); }
.capture header { display: flex; gap: 16px; align-items: start; justify-content: space-between; }
.capture header form { flex: none; }
.capture .question { display: grid; gap: 8px; padding-top: 8px; border-top: 1px solid var(--line); }
.capture .button, .later .button { white-space: normal; text-align: left; }
.plan-item { display: grid; grid-template-columns: 28px minmax(0, 1fr) auto; gap: 0 8px; padding: 10px 0; border-top: 1px solid var(--line); }
.plan-item a.strong:hover { text-decoration: underline; }
.tick-off { display: grid; place-items: center; width: 28px; height: 24px; padding: 0; border: 0; background: none; color: var(--faint); cursor: pointer; }
.tick-off:hover { color: var(--good); }
.plan-it:hover { color: var(--accent); }
.late-day { color: var(--bad); font-weight: 500; }
.why > summary { width: max-content; color: var(--faint); cursor: pointer; }
.plan-item .asking[open] { grid-column: 2 / -1; }
.later { display: grid; gap: 8px; margin-top: 8px; }
.later input { width: auto; min-height: 28px; padding: 1px 8px; }
.thing { padding-top: 16px; border-top: 1px solid var(--line); }
.thing .belongings { margin-top: 8px; }
.so-far { display: inline-flex; gap: 8px; align-items: center; color: var(--soft); font-size: var(--small); }
.so-far .meter { width: 96px; }
.linking select { width: 300px; }
.linking .how select { width: 180px; min-width: 0; }
.add { max-width: 560px; }
.rhythm { gap: 8px 16px; }
.rhythm > .inline { align-self: end; min-width: 272px; min-height: 36px; }
.rhythm input, .rhythm select { min-width: 0; }
.rhythm .tick { flex: none; width: 18px; min-height: 18px; min-width: 0; }
.days { display: flex; flex-wrap: wrap; gap: 4px 12px; align-self: end; min-height: 36px; align-items: center; }
.graph { display: grid; gap: 12px; }
.graph > nav { overflow-x: auto; padding: 16px; border: 1px solid var(--line); border-radius: var(--round); background: var(--desk); }
.graph svg { overflow: visible; }
.node rect { fill: var(--paper); stroke: var(--edge); }
.node.goal rect { fill: var(--tint); stroke: var(--accent); }
.node.problem rect { fill: var(--alarm); stroke: var(--bad); }
.node text { font-size: var(--small); fill: var(--ink); }
.node:hover rect, .node:focus-visible rect { stroke-width: 2; }
.edge { fill: none; stroke: var(--faint); stroke-width: 1.5; }
.edge.supports_goal { stroke: var(--accent); }
.edge.addresses_problem { stroke: var(--bad); stroke-dasharray: 8 3; }
.edge.related { stroke-dasharray: 2 4; }
@media (max-width: 719px) {
  .linking select, .linking .how select { width: 100%; }
  .capture header { gap: 8px; }
  .tick-off { height: 28px; }
}
`;
