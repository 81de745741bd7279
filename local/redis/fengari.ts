/** Lua in JavaScript, told to print whole floats as Lua 5.1 does, which is the Lua that Redis speaks. */
import { createRequire } from "node:module";

/** A state of the machine; its stack is what all functions below work on. */
export type State = { readonly lua: unique symbol };
type Bytes = Uint8Array;
type Native = (state: State) => number;

/** The parts that are used here; the package brings no types of its own. */
type Fengari = {
  lua: {
    LUA_TNUMBER: number;
    LUA_TSTRING: number;
    LUA_TBOOLEAN: number;
    LUA_TTABLE: number;
    LUA_MASKCOUNT: number;
    lua_close(state: State): void;
    lua_createtable(state: State, items: number, fields: number): void;
    lua_error(state: State): number;
    lua_getfield(state: State, at: number, name: Bytes): number;
    lua_gettop(state: State): number;
    lua_absindex(state: State, at: number): number;
    lua_pcall(state: State, args: number, results: number, handler: number): number;
    lua_pop(state: State, count: number): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushcfunction(state: State, native: Native): void;
    lua_pushnumber(state: State, value: number): void;
    lua_pushnil(state: State): void;
    lua_pushstring(state: State, text: Bytes): void;
    lua_rawgeti(state: State, at: number, index: number): number;
    lua_rawseti(state: State, at: number, index: number): void;
    lua_setfield(state: State, at: number, name: Bytes): void;
    lua_setglobal(state: State, name: Bytes): void;
    lua_sethook(state: State, hook: (state: State) => void, mask: number, count: number): void;
    lua_toboolean(state: State, at: number): boolean;
    lua_tonumber(state: State, at: number): number;
    lua_tostring(state: State, at: number): Bytes;
    lua_type(state: State, at: number): number;
  };
  lauxlib: {
    luaL_error(state: State, format: Bytes, ...values: Bytes[]): number;
    luaL_loadbuffer(state: State, source: Bytes, length: number | null, name: Bytes): number;
    luaL_newstate(): State;
    luaL_where(state: State, level: number): void;
    luaL_requiref(state: State, name: Bytes, open: Native, isGlobal: boolean): void;
  };
  lualib: { luaopen_base: Native; luaopen_table: Native; luaopen_string: Native; luaopen_math: Native };
};

function load(): Fengari {
  // Read by the package once, when it is loaded.
  process.env["FENGARICONF"] = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true });
  try {
    return createRequire(import.meta.url)("fengari") as Fengari;
  } finally {
    delete process.env["FENGARICONF"];
  }
}

export const { lua, lauxlib, lualib } = load();

export const bytes = (text: string): Bytes => new Uint8Array(Buffer.from(text, "latin1"));
export const text = (given: Bytes): string => Buffer.from(given).toString("latin1");
