#!lua
--[[
keep: remember what a step made, under the digest of what it made it of; the longest unused leave where it is too much.

KEYS
  cache            hash: bytes that all entries take, most that they may
ARGV
  digest           of step, version, model and arguments
  job              whose run made it
  ttl              ms for which it may be used
  most             bytes that all entries may take together
  value            JSON, or @blob of the entry's own
  refers           1 where the value names blobs of the entry's own, else 0
  blobs            the entry's folder, all of it written before; or empty
  bytes            of all blobs in it
ANSWERS
  kept             in place of what was there under that digest
  large            it alone is more than all may be: nothing was kept
  ended            its document has ended, or is gone: nothing was kept
MAY BE SENT AGAIN  yes
]]

local digest, ttl, most, value, blobs = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[7]
local bytes = caching.ENTRY_COST + #value + ARGV[8]

if blobs ~= '' and redis.call('HGET', cache_key(digest), 'blobs') == blobs then return 'kept' end -- sent again

local id = locate(ARGV[2])
local refused = not caching.is_open_to(id) and 'ended' or bytes > most and 'large' or nil
if refused then
  if blobs ~= '' then caching.blobs_are_gone_by(blobs, NOW) end
  return refused
end

caching.drop(digest)
redis.call('HSET', cache_key(digest), 'value', value, 'refers', ARGV[6], 'bytes', bytes, 'ends', NOW + ttl, 'made', ARGV[2])
if blobs ~= '' then
  redis.call('HSET', cache_key(digest), 'blobs', blobs)
  redis.call('ZREM', key('cache-gone'), blobs)
end
redis.call('ZADD', key('cache-used'), NOW, digest)
redis.call('ZADD', key('cache-ends'), NOW + ttl, digest)
redis.call('HINCRBY', KEYS[1], 'bytes', bytes)
redis.call('HSET', KEYS[1], 'most', most)
caching.belongs_to(id, digest, NOW + ttl)
caching.evict(most, caching.EVICTED_AT_ONCE)
return 'kept'
