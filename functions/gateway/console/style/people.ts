/** People: what is known of one, the addresses, the records that are him. */

export const people = `
.points { display: grid; }
.points li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; justify-content: space-between; padding: 6px 0; border-top: 1px solid var(--line); }
.acts-line .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; width: 100%; }
.acts-line form > .field:has(textarea) { max-width: none; }
.moment .snippet { max-width: 72ch; }
.page > .hold { margin-bottom: 8px; }
`;
