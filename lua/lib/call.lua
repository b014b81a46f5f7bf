-- What belongs to one call: set anew by `fresh` before a verb runs, written out by `flush` when it has decided.
-- A script is atomic, so a call reads and judges first; its writes wait here, and each document gets one HSET.
-- Tables that grow entry by entry are costly in Lua: those below are made with room (`a = nil` reserves a place), or kept.

-- Globals are slow to find, and not there while the library is loaded: they are looked up once, at the first call.
local function globals() return redis, string, table, math, ipairs, pairs, tonumber, unpack end
local register = redis.register_function
local redis, string, table, math, ipairs, pairs, tonumber, unpack

local PREFIX -- of every key of the shard, hash tag included: cut from KEYS[1]
local NOW, NOW_US, NOW_TEXT -- the one clock: the server's, in ms and in µs; and in ms as text, which is what is written
local happened, told = {}, 0 -- transitions to tell of, and how many words of it are this call's
local endings -- id -> how a document ended in this call
local docs, opened -- id -> the document as this call sees it, false where there is none; and how many
local offered -- member -> a job made ready in this call: {member, doc, step, item, lane, class, score}
local slot -- the calling slot's record
local freed = nil -- reason -> true: what this call made room for, which jobs are held for; they come back before it claims, or at its end
local newborn = nil -- documents that this call made: their indexes and counts are written at its end, all at once
local placed = nil -- "<tenant> <priority>" -> the place that its next document gets, for a call that makes many
local last_key -- whose prefix was cut
local key_names -- kind -> name -> key of the shard, as `keys` makes them
local LEASES, STATS, EVENTS, PAUSED -- the keys that every step needs, made with the prefix

local function cut_prefix(first)
  local prefix = string.sub(first, 1, string.find(first, '}:', 1, true) + 1)
  if prefix ~= PREFIX then
    PREFIX, key_names = prefix, nil
    LEASES, STATS, EVENTS, PAUSED = prefix .. 'leases', prefix .. 'stats', prefix .. 'events', prefix .. 'paused'
  end
  last_key = first
end

local function fresh(KEYS)
  if not redis then redis, string, table, math, ipairs, pairs, tonumber, unpack = globals() end
  local t = redis.call('TIME')
  if KEYS[1] ~= last_key then cut_prefix(KEYS[1]) end
  NOW_US = t[1] * 1000000 + t[2]
  NOW = math.floor(NOW_US / 1000)
  NOW_TEXT = string.format('%d', NOW)
  told, opened, slot = 0, 0, nil
  endings, docs, offered, freed = { a = nil, b = nil }, { a = nil, b = nil }, { a = nil, b = nil }, nil
  newborn, placed = nil, nil
end

-- Small numbers as text: made once.
local texts = {}

local function text_of(number)
  local text = texts[number]
  if not text then
    text = string.format('%d', number)
    if number >= 0 and number < 256 then texts[number] = text end
  end
  return text
end
