#!lua flags=allow-oom
--[[
purge: end what is kept of documents whose retention has passed, in two calls, so that no blob is left without an owner:
`take` marks them and answers their ids; the caller deletes their blobs; `drop` then deletes keys and index entries.

KEYS
  retention        zset
ARGV
  act              take, mark, or drop
  most             take: how many at most; else 0
  ids...           mark: of documents that are to go now, needed or not; drop: of those whose blobs are gone
ANSWERS
  id...            take, mark: marked now, or before and not dropped yet; drop: dropped now. What has not ended is never marked
MAY BE SENT AGAIN  yes
]]

local LATER = 600000 -- ms: a caller that died between its two calls is followed by another
local MOST_GONE = 100000 -- that it is remembered of that they were there

-- Its on_finish document may still read it, or its batch. Of one that was marked the blobs may be gone already.
local function needed(id, expired)
  if redis.call('HEXISTS', doc_key(id), 'purging') == 1 then return false end
  if expired then return batching.needs(id) end
  local status = redis.call('HGET', doc_key(id .. '.finish' .. (redis.call('HGET', doc_key(id), 'revived') or '')), 'status')
  return status and not FINAL_DOCUMENT[status] or batching.needs(id)
end

local function take()
  local ids = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('retention'), '-inf', NOW, 'LIMIT', 0, tonumber(ARGV[2]))) do
    redis.call('ZADD', key('retention'), NOW + LATER, id)
    -- One whose keys have expired still has blobs and index entries.
    local expired = redis.call('EXISTS', doc_key(id)) == 0
    if needed(id, expired) then
      local keys = expired and {} or keys_of(id, redis.call('HGET', doc_key(id), 'pipeline'))
      for _, k in ipairs(keys) do redis.call('PEXPIRE', k, LATER + BACKSTOP) end
    else
      if not expired then redis.call('HSET', doc_key(id), 'purging', NOW) end
      ids[#ids + 1] = id
    end
  end
  return ids
end

-- Somebody wants it gone, whoever may still read it.
local function mark(id)
  local status = redis.call('HGET', doc_key(id), 'status')
  local batch = not status and redis.call('HGET', batch_key(id), 'state') == 'ended'
  if not batch and not FINAL_DOCUMENT[status] then return false end
  if status then redis.call('HSET', doc_key(id), 'purging', NOW) end
  redis.call('ZADD', key('retention'), NOW + LATER, id)
  return true
end

-- Who asks for it later is told that it was there. Ids sort by time, so the oldest are forgotten first.
local function remember(id, tenant)
  if not tenant or made_as(id) then return end
  redis.call('ZADD', key('gone'), 0, id .. ' ' .. NOW_TEXT .. ' ' .. tenant)
end

-- A batch is in the index like its documents.
local function drop_batch(id)
  if redis.call('ZREM', key('batches'), id) == 0 then return false end
  remember(id, redis.call('HGET', batch_key(id), 'tenant'))
  redis.call('UNLINK', batch_key(id), batch_key(id, 'open'), batch_key(id, 'names'), batch_key(id, 'refused'))
  return true
end

local function drop(id)
  local v = redis.call('HMGET', doc_key(id), 'status', 'pipeline', 'purging', 'tenant')
  if v[1] and not v[3] then return false end
  remember(id, v[4])
  if v[1] then redis.call('UNLINK', unpack(keys_of(id, v[2]))) end
  local batch, member_of = drop_batch(id), batching.of(id)
  if member_of then redis.call('HDEL', batch_key(member_of, 'names'), tonumber(string.sub(id, -5))) end -- the name may say whose it was
  redis.call('ZREM', key('deadlines'), id)
  for status in pairs(FINAL_DOCUMENT) do redis.call('ZREM', by_key(status), id) end
  for _, flag in ipairs(redis.call('SMEMBERS', key('flags'))) do redis.call('ZREM', by_key(flag), id) end
  local kept = redis.call('ZREM', key('retention'), id) == 1
  if kept and not batch then count('purged') end
  return kept
end

if ARGV[1] == 'take' then return take() end
local act, ids = ARGV[1] == 'mark' and mark or drop, {}
for at = 3, #ARGV do
  if act(ARGV[at]) then ids[#ids + 1] = ARGV[at] end
end
if ARGV[1] == 'drop' then redis.call('ZREMRANGEBYRANK', key('gone'), 0, -MOST_GONE - 1) end
return ids
