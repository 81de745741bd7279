/** The sign of the house: three points that know of each other. Used in the bar and as the page's icon. */

export const markPaths = ["M5 15.5 12 4l7 11.5z"] as const;
export const markPoints = [
  [12, 4.5],
  [4.5, 16.5],
  [19.5, 16.5],
] as const;

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#5c7cfa" stroke-width="2" stroke-linejoin="round"><path d="${markPaths[0]}"/>${markPoints
  .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="#5c7cfa" stroke="none"/>`)
  .join("")}</svg>`;
