/** Jobs: moves, parts and notes, and the form of a new one. */

export const jobs = `
.kept-lines { white-space: pre-wrap; overflow-wrap: anywhere; }
.jobs .why { display: block; }
.jobs td:last-child { white-space: nowrap; }
.moves { align-items: start; }
.asking { position: relative; }
.asking > summary { list-style: none; cursor: pointer; }
.asking > summary::-webkit-details-marker { display: none; }
.asking[open] > form { display: grid; gap: 12px; margin-top: 8px; min-width: 240px; }
.belongings { display: grid; }
.belongings li { display: flex; gap: 16px; justify-content: space-between; align-items: start; padding: 8px 0; border-bottom: 1px solid var(--line); }
.belongings li > :first-child { min-width: 0; }
.adding { display: grid; grid-template-columns: minmax(0, 1fr) 72px 88px 64px auto; gap: 8px; margin-top: 12px; }
.noting { display: grid; gap: 8px; margin-top: 12px; }
.waiting { display: grid; gap: 16px; }
.waiting li { display: grid; gap: 4px; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round); }
.waiting select { max-width: 40ch; }
.job-form { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; max-width: 720px; }
.job-form .whole, .job-form > .notice { grid-column: 1 / -1; }
.job-form > .button { justify-self: start; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 12px; }
.photos img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: var(--round); background: var(--raised); }
.photos + p, .photos + form, .photos + p + form { margin-top: 12px; }
.photos li { display: grid; gap: 4px; }
@media (max-width: 719px) {
  .job-form { grid-template-columns: minmax(0, 1fr); }
  .adding { grid-template-columns: minmax(0, 1fr) 64px; }
  .waiting .inline { flex-wrap: wrap; }
}
`;
