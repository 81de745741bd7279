/** People: what is known of one, the addresses, the records that are him. */

export const people = `
.whole-words { overflow-wrap: anywhere; }
.points { display: grid; }
.points li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; padding: 6px 0; border-top: 1px solid var(--line); }
.acts-line .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; width: 100%; }
.acts-line form > .field:has(textarea) { max-width: none; }
.acts-line details > form { width: 100%; }
.offer-line { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 8px 16px; min-width: 0; margin: 0; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round); }
.offer-line .whole { grid-column: 1 / -1; }
.offer-line select { width: 100%; min-width: 0; }
.points b { font-weight: 500; }
.tries + .moments { padding-top: 8px; }
.moment .snippet { max-width: 72ch; }
.proposals summary { list-style: none; }
.proposals summary::-webkit-details-marker { display: none; }
.proposals[open] { display: grid; gap: 12px; justify-items: stretch; }
.proposals[open] > summary { justify-self: start; background: var(--tint); border-color: var(--accent); }
`;
