/** What is said in the chats of one bot: its messages with their buttons, and those of the people who write to it. */

export type Button = { text: string; callback_data: string };

export type Line = {
  id: number;
  chat: string;
  /** Written by the person, not by the bot. */
  own: boolean;
  text: string;
  /** Unix seconds. */
  date: number;
  edited: boolean;
  buttons: Button[][];
  /** A recording: it has no words to edit. */
  spoken?: true;
  /** The update that told of it, to be sent once more. */
  update?: string;
  /** What became of the update. */
  became?: string;
};

export type Talk = {
  lines: Line[];
  /** What the bot said to the last press of a button, where it said something. */
  toast: string;
  /** Presses that wait for their answer. */
  pressed: Set<string>;
  put(line: Pick<Line, "chat" | "own" | "text"> & Partial<Pick<Line, "buttons" | "spoken">>): Line;
  find(chat: string, id: number): Line | undefined;
};

export function openTalk(now: () => number): Talk {
  // Later than any number of an earlier start: a message of the same number would be taken for the same message.
  let last = Math.floor(now() / 1000);
  const lines: Line[] = [];
  return {
    lines,
    toast: "",
    pressed: new Set(),
    put: (line) => {
      last += 1;
      const made = { buttons: [], ...line, id: last, date: Math.floor(now() / 1000), edited: false };
      lines.push(made);
      return made;
    },
    find: (chat, id) => lines.find((line) => line.chat === chat && line.id === id),
  };
}
