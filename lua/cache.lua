#!lua flags=allow-oom
--[[
cache: look up what a step made of the same before; and let go of what was kept, so that it stays within its bounds.

KEYS
  cache            hash: bytes that all entries take, most that they may
ARGV
  act              get, begin, take, drop, empty or forget
  name             get: digest; begin: blobs, the folder that is about to be written; forget: id of a document; else empty
  most             take, empty, forget: how many entries at most; else 0
  words...         get: the job that asks; drop: folders whose blobs are deleted
ANSWERS
  value refers     get: what was kept (JSON or @blob), and 1 where it names blobs of its own, else 0; nothing where it is not
                   there, has passed its time, or must not be used: its document has ended, or was retried from a step on
  ok               begin
  more folder...   take: entries that have passed their time, or are too many, are gone; 1 where there are more of them, and
                   the folders of blobs that are to be deleted now
  number           drop: of the folders forgotten; empty, forget: of the entries gone, 0 when nothing is left
MAY BE SENT AGAIN  yes
]]

local act, name, most = ARGV[1], ARGV[2], tonumber(ARGV[3])

local function get(job)
  local id, step = locate(job)
  if not caching.is_open_to(id, step) then return {} end
  local v = redis.call('HMGET', cache_key(name), 'value', 'refers', 'ends')
  if not v[1] or tonumber(v[3]) <= NOW then return {} end
  redis.call('ZADD', key('cache-used'), 'XX', NOW, name)
  caching.belongs_to(id, name, tonumber(v[3]))
  return { v[1], v[2] }
end

local function take()
  local due = redis.call('ZRANGEBYSCORE', key('cache-ends'), '-inf', NOW, 'LIMIT', 0, most)
  for _, digest in ipairs(due) do caching.drop(digest) end
  local fits = caching.evict(tonumber(redis.call('HGET', KEYS[1], 'most') or math.huge), most)
  local folders = redis.call('ZRANGEBYSCORE', key('cache-gone'), '-inf', NOW, 'LIMIT', 0, most)
  return { (#due == most or not fits) and '1' or '0', unpack(folders) }
end

local function drop()
  local gone = 0
  for at = 4, #ARGV do gone = gone + redis.call('ZREM', key('cache-gone'), ARGV[at]) end
  return gone
end

local function drop_all(digests)
  for _, digest in ipairs(digests) do caching.drop(digest) end
  return #digests
end

if act == 'get' then return get(ARGV[4]) end
if act == 'take' then return take() end
if act == 'drop' then return drop() end
if act == 'empty' then return drop_all(redis.call('ZRANGE', key('cache-used'), 0, most - 1)) end
if act == 'forget' then return drop_all(redis.call('SPOP', cached_key(name), most)) end
caching.blobs_are_gone_by(name, NOW + caching.ABANDONED)
return 'ok'
