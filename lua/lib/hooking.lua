-- Receivers of webhooks: each that wants to hear of a document's end gets a document of its own, whose one job tells it.
-- @include facts create origin

local DELIVERIES = 1000 -- that a receiver's list keeps

local function is_wanted(hook, status)
  local state, events = unpack(redis.call('HMGET', hook_key(hook), 'state', 'events'))
  return state == 'active' and (events == '' or string.find(' ' .. events .. ' ', ' ' .. status .. ' ', 1, true) ~= nil)
end

local function deliver(doc, hook, pipeline)
  local id = doc.id .. '.hook' .. (doc.revived or '') .. '-' .. hook
  if redis.call('EXISTS', doc_key(id)) == 1 or not is_wanted(hook, doc.status) then return end
  -- Every word in it is docmill's own, so no escaping is needed.
  local input = '{"notice":{"hook":"' .. hook .. '","id":"' .. doc.id .. '","status":"' .. doc.status .. '","pipeline":"' .. doc.pipeline ..
    '","finished":' .. NOW_TEXT .. '}}'
  create({ id = id, pipeline = pipeline, priority = doc.priority, place = doc.place, lanes = origin.lanes(origin.trace_of(doc)),
    tenant = tenant_of(doc) }, input, 0)
  redis.call('ZADD', hook_key(hook, 'deliveries'), NOW, id)
  redis.call('ZREMRANGEBYRANK', hook_key(hook, 'deliveries'), 0, -DELIVERIES - 1)
end

-- Of what docmill itself makes of a document nobody is told.
local function tell_receivers(doc)
  local pipeline = redis.call('HGET', key('hooks'), 'pipeline')
  if not pipeline or made_as(doc.id) then return end
  if not planned(pipeline, 'steps') then return end
  for _, whose in ipairs({ 'tenant:' .. tenant_of(doc), 'document:' .. doc.id }) do
    for _, hook in ipairs(redis.call('SMEMBERS', hooks_key(whose))) do deliver(doc, hook, pipeline) end
  end
end
