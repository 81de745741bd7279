/** Conversations: list, thread and evidence side by side, one under the other where there is no room. */

export const inbox = `
.panes { display: grid; grid-template-columns: 340px minmax(0, 1fr) 360px; height: calc(100dvh - var(--bar)); min-height: 0; }
.panes.bare { grid-template-columns: 340px minmax(0, 1fr); }
.pane { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.pane + .pane { border-left: 1px solid var(--line); }
.pane-head { display: flex; align-items: center; gap: 12px; flex: none; min-height: 64px; padding: 8px 16px; border-bottom: 1px solid var(--line); }
.pane-head h1, .pane-head h2 { font-size: var(--text); line-height: 24px; letter-spacing: 0; }
.pane-body { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; }

.tabs { display: flex; flex-wrap: wrap; gap: 2px; margin-left: -8px; }
.tabs a { padding: 2px 8px; border-radius: 6px; color: var(--soft); font-size: var(--small); line-height: 24px; font-weight: 500; }
.tabs a:hover { background: var(--hover); color: var(--ink); }
.tabs a[aria-current] { background: var(--raised); color: var(--ink); }

.hit { display: grid; grid-template-columns: 32px minmax(0, 1fr); gap: 2px 12px; padding: 12px 16px; border-bottom: 1px solid var(--line); }
.hit:hover { background: var(--hover); }
.hit[aria-current] { background: var(--tint); }
.hit[aria-current] .face { background: var(--paper); }
.hit:focus-visible { outline-offset: -2px; }
.hit .face { grid-row: span 3; }
.hit .top { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; }
.hit .top time { flex: none; color: var(--faint); font-size: var(--small); }
.hit .last { color: var(--soft); font-size: var(--small); line-height: 20px; }
.hit .marks { display: flex; gap: 4px 12px; align-items: center; color: var(--faint); font-size: var(--small); line-height: 20px; min-width: 0; }
.hit .marks .push { margin-left: auto; }
.count { display: inline-grid; place-items: center; min-width: 20px; height: 20px; padding: 0 6px; border-radius: 10px; background: var(--accent); color: var(--on-accent); font-size: var(--small); line-height: 1; font-weight: 600; }
.more { display: block; padding: 12px 16px; color: var(--accent); font-size: var(--small); font-weight: 500; text-align: center; }
.more:hover { background: var(--hover); }
.none { padding: 16px; color: var(--soft); font-size: var(--small); }

.thread-head { gap: 2px 12px; }
.thread-head > div { min-width: 0; }
.thread-head .facts { display: flex; flex-wrap: wrap; gap: 0 12px; color: var(--soft); font-size: var(--small); line-height: 20px; }
.thread-head .push { margin-left: auto; }
.back { display: none; align-items: center; justify-content: center; width: 32px; height: 40px; margin-left: -8px; color: var(--soft); }
/* The end of the talk is what one came for: a reversed column starts there, without a script. */
.talk { display: flex; flex-direction: column-reverse; background: var(--desk); }
.turns { display: grid; gap: 16px; align-content: end; padding: 16px 24px 32px; margin: 0 auto auto; width: 100%; max-width: 840px; }
.day { justify-self: center; padding: 8px 0 0; color: var(--faint); font-size: var(--small); line-height: 20px; font-weight: 500; }
.turn { display: grid; gap: 4px; max-width: min(85%, 64ch); justify-self: start; scroll-margin: 72px; }
.turn.ours { justify-self: end; }
.turn .by { display: flex; flex-wrap: wrap; align-items: center; gap: 0 8px; padding: 0 4px; color: var(--faint); font-size: var(--small); line-height: 20px; }
.turn.ours .by { justify-content: end; }
.turn .by b { color: var(--soft); font-weight: 500; }
.said { padding: 8px 14px; border: 1px solid var(--line); border-radius: 12px; border-top-left-radius: 4px; background: var(--paper); white-space: pre-wrap; }
.turn > .said { justify-self: start; }
.turn.ours > .said { justify-self: end; }
.turn.inside > .said { justify-self: stretch; }
.turn.ours .said { border-color: transparent; border-top-left-radius: 12px; border-top-right-radius: 4px; background: var(--tint); }
.turn.inside { justify-self: stretch; max-width: none; }
.turn.inside .by { justify-content: start; color: var(--wait); }
.turn.inside .by b { color: inherit; }
.turn.inside .by span { color: var(--faint); }
.turn.inside .said { border: 1px dashed var(--note-line); border-radius: var(--round); background: var(--note); }
.turn .gone { border-style: dashed; background: none; color: var(--soft); font-style: italic; }
.turn:target .said { box-shadow: 0 0 0 2px var(--accent); }
.files { display: flex; flex-wrap: wrap; gap: 8px; }
.turn.ours .files { justify-content: end; }
.file { display: inline-flex; align-items: center; gap: 8px; max-width: 100%; padding: 4px 10px; border: 1px solid var(--line); border-radius: var(--round); background: var(--paper); font-size: var(--small); line-height: 20px; }
.file svg { color: var(--faint); }
.write { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; flex: none; padding: 12px 16px; border-top: 1px solid var(--line); background: var(--paper); }
.write .written { flex: 1 0 100%; display: grid; gap: 8px; }
.write .written:empty { display: none; }
.write .notice form { margin-left: auto; flex: none; }
.write > form { display: flex; gap: 8px; align-items: end; }
.write > form:has(textarea) { flex: 1; min-width: 240px; }
.write textarea { min-height: 36px; max-height: 30vh; }

.evidence { padding: 0 16px 32px; }
.evidence h3 { display: flex; justify-content: space-between; gap: 8px; padding: 20px 0 8px; color: var(--faint); font-weight: 500; }
.passage { display: grid; gap: 6px; padding: 12px 0; border-top: 1px solid var(--line); }
.passage blockquote { font-size: var(--small); line-height: 20px; white-space: pre-wrap; }
.passage .about { display: flex; flex-wrap: wrap; gap: 0 12px; color: var(--faint); font-size: var(--small); line-height: 20px; }
.lines li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 12px; padding: 8px 0; border-top: 1px solid var(--line); font-size: var(--small); line-height: 20px; }
.lines time { color: var(--faint); }
.nothing { display: grid; align-content: center; justify-items: center; gap: 32px; padding: 32px; background: var(--desk); overflow-y: auto; }
.nothing > .empty { width: 100%; max-width: 600px; margin-bottom: 8vh; }
.nothing .ask { width: 100%; margin: 16px 0; }
.hook { display: block; overflow-wrap: anywhere; padding: 8px 12px; border: 1px solid var(--edge); border-radius: var(--round); background: var(--paper); user-select: all; }
.hints { display: flex; flex-wrap: wrap; gap: 8px 16px; color: var(--faint); font-size: var(--small); line-height: 20px; }
.hints span { display: inline-flex; gap: 6px; align-items: center; }

@media (max-width: 1239px) {
  .panes { grid-template-columns: 300px minmax(0, 1fr) 320px; }
  .panes.bare { grid-template-columns: 300px minmax(0, 1fr); }
}
@media (max-width: 1023px) {
  .panes { grid-template-columns: 280px minmax(0, 1fr); grid-template-rows: minmax(0, 3fr) minmax(0, 2fr); }
  .panes > .list { grid-row: span 2; }
  .panes > .beside { border-top: 1px solid var(--line); }
}
@media (max-width: 719px) {
  .panes, .panes.bare { display: block; height: auto; padding-bottom: var(--bar); }
  .panes.open > .list, .panes.bare > .nothing { display: none; }
  .pane + .pane { border-left: 0; }
  .pane-body { overflow: visible; }
  .beside .pane-head { align-items: baseline; }
  .thread { height: calc(100dvh - 2 * var(--bar)); }
  .thread .pane-body { overflow-y: auto; overscroll-behavior: auto; }
  .back { display: flex; }
  .thread-head .extra { display: none; }
  .turns { padding: 16px 16px 24px; }
  .beside { border-top: 1px solid var(--line); }
  .beside .pane-head { border-bottom: 0; }
}
`;
