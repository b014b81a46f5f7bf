-- A batch: documents submitted together. `open` is the set of those that have not ended, so its end is judged from a set,
-- never from a counter; the counts by status are for people. A member's id is `<batch>.<line>`, five digits.
-- @include document facts create hooking origin

local batching = {}

-- The batch of a member; most documents are none, and then only one letter is looked at.
function batching.of(id) return string.sub(id, -6, -6) == '.' and string.match(id, '^([^.]+)%.%d%d%d%d%d$') or nil end

local function told_of(id)
  local v = redis.call('HMGET', batch_key(id), 'documents', 'succeeded', 'partial', 'failed', 'cancelled', 'refused', 'aggregate', 'given')
  -- Every word in it is docmill's own but for what the client encoded, so no escaping is needed.
  local counts = string.format('"documents":%d,"succeeded":%d,"partial":%d,"failed":%d,"cancelled":%d,"refused":%d',
    v[1] or 0, v[2] or 0, v[3] or 0, v[4] or 0, v[5] or 0, v[6] or 0)
  return v[7], '{"batch":{"id":"' .. id .. '",' .. counts .. '}' .. (v[8] and v[8] ~= '' and ',' .. v[8] or '') .. '}'
end

local function start_aggregate(id, pipeline, input)
  local v = redis.call('HMGET', batch_key(id), 'priority', 'tenant', 'trace')
  create({ id = id .. '.aggregate', pipeline = pipeline, priority = v[1], place = next_place(v[2], v[1], pipeline), tenant = v[2],
    lanes = origin.lanes(v[3]) }, input, 0)
end

-- All its documents have ended, and no more can come: once, since it is closed no more then.
local function end_batch(id)
  local aggregate, input = told_of(id)
  redis.call('HSET', batch_key(id), 'state', 'ended', 'ended', NOW_TEXT)
  redis.call('ZREM', key('deadlines'), id .. ' batch')
  redis.call('ZADD', key('retention'), NOW + redis.call('HGET', batch_key(id), 'retention'), id)
  redis.call('SPUBLISH', batch_key(id), 'ended')
  tell_receivers_of_batch(id)
  if aggregate then start_aggregate(id, aggregate, input) end
end

function batching.end_if_empty(id)
  if redis.call('HGET', batch_key(id), 'state') ~= 'closed' or redis.call('SCARD', batch_key(id, 'open')) > 0 then return false end
  end_batch(id)
  return true
end

function batching.takes_more(id) return redis.call('HGET', batch_key(id), 'state') == 'open' end

-- It takes no more documents.
function batching.close(id)
  if not batching.takes_more(id) then return end
  redis.call('HSET', batch_key(id), 'state', 'closed', 'closed', NOW_TEXT)
  redis.call('ZREM', key('deadlines'), id .. ' batch')
  return batching.end_if_empty(id) and 'ended' or 'closed'
end

-- One of its documents has begun; for people.
function batching.begin(id)
  local batch = batching.of(id)
  if not batch or redis.call('EXISTS', batch_key(batch)) == 0 then return end
  redis.call('HINCRBY', batch_key(batch), 'running', 1)
  redis.call('HSETNX', batch_key(batch), 'begun', NOW_TEXT)
end

-- A document has ended, however it ended.
function batching.leave(id, status, before)
  local batch = batching.of(id)
  if not batch or redis.call('EXISTS', batch_key(batch)) == 0 then return end
  redis.call('HINCRBY', batch_key(batch), status, 1)
  if before == 'running' then redis.call('HINCRBY', batch_key(batch), 'running', -1) end
  if redis.call('SREM', batch_key(batch, 'open'), id) == 1 then batching.end_if_empty(batch) end
end

-- A retry revived it: its batch waits for it, unless that has ended; then only the counts follow.
function batching.rejoin(id, before, now)
  local batch = batching.of(id)
  local state = batch and redis.call('HGET', batch_key(batch), 'state')
  if not state then return end
  redis.call('HINCRBY', batch_key(batch), before, -1)
  if now == 'running' then redis.call('HINCRBY', batch_key(batch), 'running', 1) end
  if state ~= 'ended' then redis.call('SADD', batch_key(batch, 'open'), id) end
end

-- Its aggregate may still read its members, and what it says of lines that were refused.
local function is_read(batch)
  local state = redis.call('HGET', batch_key(batch), 'state')
  local status = redis.call('HGET', doc_key(batch .. '.aggregate'), 'status')
  return state and (state ~= 'ended' or status and not FINAL_DOCUMENT[status]) or false
end

-- id: of a member, or of the batch itself.
function batching.needs(id) return is_read(batching.of(id) or id) end
