/** Runs one script in a Lua of its own: nothing of a script outlives it, and nothing outside Redis is in its reach. */

import { floatText } from "./arguments.ts";
import { bytes, lauxlib, lua, lualib, type State, text } from "./fengari.ts";
import { RedisError, type Reply, Status } from "./reply.ts";

export type Script = { source: string; sha: string };
export type Given = { names: string[]; args: string[] };
export type Surroundings = {
  /** A command called by the script; throws RedisError. */
  call(args: string[]): Reply;
  sha1(text: string): string;
  /** Redis says BUSY to everybody else after this long; a laptop is better served by the end of the script. */
  mostMs: number;
};

const LOOK_EVERY_INSTRUCTIONS = 100_000;

/**
 * Lua 5.1's names, its floats in place of this Lua's integers of 32 bits, and no globals of a script's own.
 * What reaches files, the machine or other code is taken away.
 */
const PRELUDE = `
dofile, loadfile, load, print, require, collectgarbage = nil
string.dump = nil
local number, floor, ceil, format = tonumber, math.floor, math.ceil, string.format
unpack = table.unpack
table.getn = function(t) return #t end
math.pow = function(a, b) return a ^ b end
math.mod = math.fmod
tonumber = function(...) local n = number(...) return n and n + 0.0 end
math.floor = function(x) return floor(x) + 0.0 end
math.ceil = function(x) return ceil(x) + 0.0 end
string.format = function(how, ...) return format(string.gsub(how, "%%([-+ #0]*%d*)[di]", "%%%1.0f"), ...) end
redis.error_reply = function(message)
  return { err = string.find(message, "^-?[A-Z]+ ") and message or "ERR " .. message }
end
redis.status_reply = function(message) return { ok = message } end
redis.log = function() end
redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING = 0, 1, 2, 3
setmetatable(_G, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
  __newindex = function() error("Attempt to modify a readonly table", 2) end,
})`;

export function run(script: Script, given: Given, api: Surroundings): Reply {
  const state = lauxlib.luaL_newstate();
  try {
    openLibraries(state);
    openRedis(state, api);
    setList(state, "KEYS", given.names);
    setList(state, "ARGV", given.args);
    compile(state, { source: PRELUDE, name: "=prelude" });
    finish(state, script);
    lua.lua_pop(state, 1);
    compile(state, { source: script.source, name: "@user_script" });
    limit(state, api.mostMs);
    finish(state, script);
    return fromLua(state, -1);
  } finally {
    lua.lua_close(state);
  }
}

/** Throws what EVAL and SCRIPT LOAD answer to a script that is no Lua. */
export function check(source: string): void {
  const state = lauxlib.luaL_newstate();
  try {
    compile(state, { source, name: "@user_script" });
  } finally {
    lua.lua_close(state);
  }
}

function openLibraries(state: State): void {
  const libraries = { _G: lualib.luaopen_base, table: lualib.luaopen_table, string: lualib.luaopen_string };
  for (const [name, open] of Object.entries({ ...libraries, math: lualib.luaopen_math })) {
    lauxlib.luaL_requiref(state, bytes(name), open, true);
    lua.lua_pop(state, 1);
  }
}

function openRedis(state: State, api: Surroundings): void {
  lua.lua_createtable(state, 0, 3);
  const functions = {
    call: (now: State) => answer(now, api.call) ?? lua.lua_error(now),
    pcall: (now: State) => answer(now, api.call) ?? 1,
    sha1hex: (now: State) => {
      lua.lua_pushstring(now, bytes(api.sha1(text(lua.lua_tostring(now, 1)))));
      return 1;
    },
  };
  for (const [name, native] of Object.entries(functions)) {
    lua.lua_pushcfunction(state, native);
    lua.lua_setfield(state, -2, bytes(name));
  }
  lua.lua_setglobal(state, bytes("redis"));
}

/** 1 with the reply on the stack; undefined with a table that holds the error there. */
function answer(state: State, call: Surroundings["call"]): 1 | undefined {
  try {
    pushReply(state, call(argumentsOf(state)));
    return 1;
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    lauxlib.luaL_where(state, 1);
    const where = text(lua.lua_tostring(state, -1));
    lua.lua_pop(state, 1);
    lua.lua_createtable(state, 0, 2);
    setText(state, { field: "err", value: error.message });
    setText(state, { field: "source", value: where });
    return undefined;
  }
}

function argumentsOf(state: State): string[] {
  const count = lua.lua_gettop(state);
  if (count === 0) throw new RedisError("ERR Please specify at least one argument for this redis lib call");
  return Array.from({ length: count }, (_, i) => {
    const type = lua.lua_type(state, i + 1);
    if (type === lua.LUA_TNUMBER) return floatText(lua.lua_tonumber(state, i + 1));
    if (type === lua.LUA_TSTRING) return text(lua.lua_tostring(state, i + 1));
    throw new RedisError("ERR Lua redis lib command arguments must be strings or integers");
  });
}

function pushReply(state: State, reply: Reply): void {
  if (reply === null) lua.lua_pushboolean(state, false);
  else if (typeof reply === "number") lua.lua_pushnumber(state, reply);
  else if (typeof reply === "string") lua.lua_pushstring(state, bytes(reply));
  else if (reply instanceof Status) {
    lua.lua_createtable(state, 0, 1);
    setText(state, { field: "ok", value: reply.text });
  } else {
    lua.lua_createtable(state, reply.length, 0);
    for (const [i, item] of reply.entries()) {
      pushReply(state, item);
      lua.lua_rawseti(state, -2, i + 1);
    }
  }
}

function setText(state: State, given: { field: string; value: string }): void {
  lua.lua_pushstring(state, bytes(given.value));
  lua.lua_setfield(state, -2, bytes(given.field));
}

function setList(state: State, name: string, items: string[]): void {
  pushReply(state, items);
  lua.lua_setglobal(state, bytes(name));
}

function compile(state: State, chunk: { source: string; name: string }): void {
  if (lauxlib.luaL_loadbuffer(state, bytes(chunk.source), null, bytes(chunk.name)) === 0) return;
  throw new RedisError(`ERR Error compiling script (new function): ${text(lua.lua_tostring(state, -1))}`);
}

/** Runs what is on the stack; its one result takes its place. */
function finish(state: State, script: Script): void {
  if (lua.lua_pcall(state, 0, 1, 0) === 0) return;
  const raised = textField(state, "err");
  const message = raised ?? `ERR ${text(lua.lua_tostring(state, -1) ?? bytes("(error object is no text)"))}`;
  const line = /user_script:(\d+):/.exec(textField(state, "source") ?? message)?.[1];
  throw new RedisError(`${message} script: ${script.sha}, on @user_script${line ? `:${line}` : ""}.`);
}

function limit(state: State, mostMs: number): void {
  const started = performance.now();
  const hook = (now: State) => {
    if (performance.now() - started > mostMs) lauxlib.luaL_error(now, bytes(`script ran for more than ${mostMs} ms`));
  };
  lua.lua_sethook(state, hook, lua.LUA_MASKCOUNT, LOOK_EVERY_INSTRUCTIONS);
}

/** The text in a field of the table on top of the stack. */
function textField(state: State, field: string): string | undefined {
  if (lua.lua_type(state, -1) !== lua.LUA_TTABLE) return undefined;
  const isText = lua.lua_getfield(state, -1, bytes(field)) === lua.LUA_TSTRING;
  const found = isText ? text(lua.lua_tostring(state, -1)) : undefined;
  lua.lua_pop(state, 1);
  return found;
}

/** Numbers lose their fraction, true is 1, false and nil are null, a table ends at its first nil. */
function fromLua(state: State, at: number): Reply {
  const type = lua.lua_type(state, at);
  if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(state, at));
  if (type === lua.LUA_TSTRING) return text(lua.lua_tostring(state, at));
  if (type === lua.LUA_TBOOLEAN) return lua.lua_toboolean(state, at) ? 1 : null;
  if (type !== lua.LUA_TTABLE) return null;
  const error = textField(state, "err");
  if (error !== undefined) throw new RedisError(error);
  const status = textField(state, "ok");
  if (status !== undefined) return new Status(status);
  return listFrom(state);
}

/** The table on top of the stack, which is left there. */
function listFrom(state: State): Reply[] {
  const items: Reply[] = [];
  for (let i = 1; ; i++) {
    const isThere = lua.lua_rawgeti(state, -1, i) > 0;
    if (isThere) items.push(fromLua(state, -1));
    lua.lua_pop(state, 1);
    if (!isThere) return items;
  }
}
