/** Path of a Node that runs this project; throws with what to do when there is none. */
export function findNode(root: string, running?: { version: string; path: string }): string;
