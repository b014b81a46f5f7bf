-- What belongs to one call: set anew by `fresh` before a verb runs, written out by `flush` when it has decided.
-- A script is atomic, so a call reads and judges first; its writes wait here, and each document gets one HSET.

-- Globals are slow to find, and not there while the library is loaded: they are looked up once, at the first call.
local function globals() return redis, string, table, math, ipairs, pairs, tonumber, unpack end
local register = redis.register_function
local redis, string, table, math, ipairs, pairs, tonumber, unpack

local PREFIX -- of every key of the shard, hash tag included: cut from KEYS[1]
local NOW, NOW_US, NOW_TEXT -- the one clock: the server's, in ms and in µs; and in ms as text, which is what is written
local happened, touched -- transitions to tell of
local docs -- id -> the document as this call sees it; false where there is none
local offered -- jobs made ready in this call: member -> {doc, step, lane, score}
local slot -- the calling slot's record

local function fresh(KEYS)
  if not redis then redis, string, table, math, ipairs, pairs, tonumber, unpack = globals() end
  local t = redis.call('TIME')
  PREFIX = string.sub(KEYS[1], 1, string.find(KEYS[1], '}:', 1, true) + 1)
  NOW_US = t[1] * 1000000 + t[2]
  NOW = math.floor(NOW_US / 1000)
  NOW_TEXT = string.format('%d', NOW)
  happened, touched, docs, offered, slot = {}, {}, {}, {}, nil
end
