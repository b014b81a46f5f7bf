#!lua flags=allow-oom
--[[
purge: end what is kept of documents whose retention has passed, in two calls, so that no blob is left without an owner:
`take` marks them and answers their ids; the caller deletes their blobs; `drop` then deletes keys and index entries.

KEYS
  retention        zset
ARGV
  act              take, or drop
  most             take: how many at most; drop: 0
  ids...           drop: of the documents whose blobs are gone
ANSWERS
  id...            take: marked now, or before and not dropped yet; drop: dropped now
MAY BE SENT AGAIN  yes
]]

local LATER = 600000 -- ms: a caller that died between its two calls is followed by another

-- Its on_finish document may still read it.
local function needed(id)
  local status = redis.call('HGET', doc_key(id .. '.finish' .. (redis.call('HGET', doc_key(id), 'revived') or '')), 'status')
  return status and not FINAL_DOCUMENT[status]
end

local function take()
  local ids = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('retention'), '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2]))) do
    redis.call('ZADD', key('retention'), NOW + LATER, id)
    -- One whose keys have expired still has blobs and index entries.
    local expired = redis.call('EXISTS', doc_key(id)) == 0
    if expired or not needed(id) then
      if not expired then redis.call('HSET', doc_key(id), 'purging', NOW) end
      ids[#ids + 1] = id
    end
  end
  return ids
end

local function drop(id)
  local v = redis.call('HMGET', doc_key(id), 'status', 'pipeline', 'purging')
  if v[1] and not v[3] then return false end
  if v[1] then redis.call('UNLINK', unpack(keys_of(id, v[2]))) end
  for status in pairs(FINAL_DOCUMENT) do redis.call('ZREM', by_key(status), id) end
  for _, flag in ipairs(redis.call('SMEMBERS', key('flags'))) do redis.call('ZREM', by_key(flag), id) end
  return redis.call('ZREM', key('retention'), id) == 1
end

if ARGV[1] == 'take' then return take() end
local dropped = {}
for at = 3, #ARGV do
  if drop(ARGV[at]) then dropped[#dropped + 1] = ARGV[at] end
end
return dropped
