/** Knowledge: an entry beside what is done with it, and what changed between two versions. */

export const knowledge = `
.entry-page { display: grid; grid-template-columns: minmax(0, 5fr) minmax(260px, 3fr); gap: 40px; align-items: start; }
.entry-page > div, .entry-page > aside { display: grid; gap: 24px; }
.tabs.many { flex-wrap: wrap; }
.tabs.many a { white-space: nowrap; }
.entry-words { max-width: 72ch; white-space: pre-wrap; }
.between { max-width: 72ch; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--round); white-space: pre-wrap; }
.between ins { background: var(--tint); text-decoration: underline; text-decoration-color: var(--good); text-underline-offset: 3px; }
.between del { color: var(--soft); background: var(--alarm); text-decoration-color: var(--bad); }
.steps-of { display: grid; gap: 12px; justify-items: start; }
.steps-of form, .steps-of details, .steps-of details form { display: grid; gap: 8px; justify-items: start; width: 100%; }
.steps-of summary { list-style: none; }
.steps-of summary::-webkit-details-marker { display: none; }
.wordy { display: grid; gap: 16px; max-width: 72ch; }
.wordy textarea[name="body"] { min-height: 240px; max-height: none; }
.wordy .pair { display: flex; flex-wrap: wrap; gap: 16px; }
.wordy .pair .field { flex: 1 1 200px; }
.versions-of a { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); font-size: var(--small); line-height: 20px; }
.versions-of a:hover { background: var(--hover); }
.versions-of a[aria-current] .strong { color: var(--accent); }
.versions-of time { color: var(--faint); }

@media (max-width: 899px) {
  .entry-page { grid-template-columns: minmax(0, 1fr); gap: 24px; }
}
`;
