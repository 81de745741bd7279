/** The rehearsal room: two talks side by side. */

export const rehearsal = `
.room { display: grid; gap: 24px; grid-template-columns: minmax(0, 1fr); }
.side { display: grid; gap: 16px; align-content: start; padding: 16px; border: 1px solid var(--line); border-radius: var(--round); background: var(--desk); min-width: 0; }
.side.coach { border-style: dashed; border-color: var(--note-line); }
.side h2 { display: flex; gap: 8px; align-items: center; }
.side .turns { padding: 0; margin: 0; max-width: none; }
.known-list { display: grid; gap: 8px; }
.known-list .actions { align-items: baseline; }
@media (min-width: 960px) { .room.coached { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
`;
