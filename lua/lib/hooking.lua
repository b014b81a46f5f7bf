-- Receivers of webhooks: each that wants to hear of the end of a document, or of a batch, gets a document of its own, whose one job
-- tells it.
-- @include facts create origin place

local DELIVERIES = 1000 -- that a receiver's list keeps

local function is_wanted(hook, event)
  local state, events = unpack(redis.call('HMGET', hook_key(hook), 'state', 'events'))
  return state == 'active' and (events == '' or string.find(' ' .. events .. ' ', ' ' .. event .. ' ', 1, true) ~= nil)
end

-- ended: id, status, pipeline, priority, tenant and lanes of what has ended, its place if it has one, and how often it was revived.
-- event: as `events` has it.
local function deliver(ended, event, hook, pipeline)
  local id = ended.id .. '.hook' .. (ended.revived or '') .. '-' .. hook
  if redis.call('EXISTS', doc_key(id)) == 1 or not is_wanted(hook, event) then return end
  -- Every word in it is docmill's own, so no escaping is needed.
  local input = '{"notice":{"hook":"' .. hook .. '","id":"' .. ended.id .. '","status":"' .. ended.status .. '","pipeline":"' ..
    ended.pipeline .. '","finished":' .. NOW_TEXT .. '}}'
  create({ id = id, pipeline = pipeline, priority = ended.priority, tenant = tenant_of(ended),
    place = ended.place or next_place(ended.tenant, ended.priority, pipeline), lanes = origin.lanes(origin.trace_of(ended)) }, input, 0)
  redis.call('ZADD', hook_key(hook, 'deliveries'), NOW, id)
  redis.call('ZREMRANGEBYRANK', hook_key(hook, 'deliveries'), 0, -DELIVERIES - 1)
end

local function deliver_to(whose, ended, event, pipeline)
  for _, hook in ipairs(redis.call('SMEMBERS', hooks_key(whose))) do deliver(ended, event, hook, pipeline) end
end

-- The pipeline that delivers, where there ever was a receiver.
local function delivering()
  local pipeline = redis.call('HGET', key('hooks'), 'pipeline')
  return pipeline and planned(pipeline, 'steps') and pipeline
end

-- Of what docmill itself makes of a document nobody is told.
local function tell_receivers(doc)
  local pipeline = delivering()
  if not pipeline or made_as(doc.id) then return end
  deliver_to('tenant:' .. tenant_of(doc), doc, doc.status, pipeline)
  deliver_to('document:' .. doc.id, doc, doc.status, pipeline)
end

local function tell_receivers_of_batch(id)
  local pipeline = delivering()
  if not pipeline then return end
  local v = redis.call('HMGET', batch_key(id), 'pipeline', 'priority', 'tenant', 'trace')
  local batch = { id = id, status = 'ended', pipeline = v[1], priority = v[2], tenant = v[3], lanes = origin.lanes(v[4]) }
  deliver_to('tenant:' .. batch.tenant, batch, 'batch.ended', pipeline)
end
