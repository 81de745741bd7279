/** The sheet a picture of boxes and arrows is drawn on. */
import type { Child } from "hono/jsx";

/** Of a title, as much as a box has room for. */
export const shortest = (title: string): string =>
  [...title].length > 24 ? `${[...title].slice(0, 23).join("")}…` : title;

/** Its boxes are links; arrows end in `#tip`. */
export const Sheet = (shown: { name: string; width: number; height: number; children?: Child }) => {
  const [width, height] = [shown.width + 4, shown.height + 4];
  return (
    <nav aria-label={shown.name}>
      <svg width={width} height={height} viewBox={`-2 -2 ${width} ${height}`}>
        <title>{shown.name}</title>
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 8 4 0 8z" fill="context-stroke" />
          </marker>
        </defs>
        {shown.children}
      </svg>
    </nav>
  );
};
