// Statements to Postgres protocol messages and back, for a server that is reached by bytes instead of a socket.
import { DatabaseError, serialize } from "pg-protocol";
import type {
  BackendMessage,
  CommandCompleteMessage,
  DataRowMessage,
  RowDescriptionMessage,
} from "pg-protocol/dist/messages.js";
import { Parser } from "pg-protocol/dist/parser.js";
import { commandTag, type SqlError, type SqlField, type SqlResult, type Statement, sqlError } from "./protocol.ts";

/** All statements as one pipeline: after an error the server skips the rest up to the sync. */
export function pipeline(statements: readonly Statement[]): Uint8Array {
  const messages = statements.flatMap(({ query, params }) => [
    serialize.parse({ text: query }),
    serialize.bind({ values: params }),
    serialize.describe({ type: "P" }),
    serialize.execute({}),
  ]);
  return Buffer.concat([...messages, serialize.sync()]);
}

/** Many statements in one text, without parameters: one implicit transaction unless the text says otherwise. */
export function script(text: string): Uint8Array {
  return serialize.query(text);
}

/** Whether the server is outside a transaction: the last message is ReadyForQuery ('Z', length 5) with status 'I'. */
export function isIdle(output: Uint8Array): boolean {
  const end = output.length;
  return end >= 6 && output[end - 6] === 0x5a && output[end - 2] === 5 && output[end - 1] === 0x49;
}

/** One result per statement that finished, and the error that stopped the pipeline if there was one. */
export function readOutput(output: Uint8Array): { results: SqlResult[]; error: SqlError | null } {
  const results: SqlResult[] = [];
  let current = emptyResult();
  let error: SqlError | null = null;
  const finish = (tag: string) => {
    results.push({ ...current, ...commandTag(tag) });
    current = emptyResult();
  };
  new Parser().parse(Buffer.from(output.buffer, output.byteOffset, output.byteLength), (message: BackendMessage) => {
    if (message instanceof DatabaseError) error ??= sqlError(message);
    else if (message.name === "rowDescription")
      current.fields = readFields(message as unknown as RowDescriptionMessage);
    else if (message.name === "dataRow") current.rows.push((message as unknown as DataRowMessage).fields);
    else if (message.name === "commandComplete") finish((message as unknown as CommandCompleteMessage).text);
    else if (message.name === "emptyQuery") finish("");
  });
  return { results, error };
}

function emptyResult(): SqlResult {
  return { fields: [], rows: [], command: "", rowCount: null, rowAsArray: true };
}

function readFields(message: RowDescriptionMessage): SqlField[] {
  return message.fields.map((field) => ({
    name: field.name,
    dataTypeID: field.dataTypeID,
    tableID: field.tableID,
    columnID: field.columnID,
    dataTypeSize: field.dataTypeSize,
    dataTypeModifier: field.dataTypeModifier,
    format: "text",
  }));
}
