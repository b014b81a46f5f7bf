-- End a document: states, indexes, retention, TTL, and the document that `on_finish` asks for.
-- @include keys clock states events stats document create

local BACKSTOP = 86400000 -- ms that a document outlives its retention, should nobody purge

local function start_on_finish(doc, pipeline)
  local id = doc.id .. '.finish'
  if redis.call('EXISTS', doc_key(id)) == 1 then return end
  -- Every word in it is docmill's own, so no escaping is needed.
  local input = '{"finished":{"id":"' .. doc.id .. '","status":"' .. doc.status .. '","pipeline":"' .. doc.pipeline .. '"}}'
  local tenant = redis.call('HGET', doc_key(doc.id), 'tenant')
  create({ id = id, pipeline = pipeline, name = string.match(pipeline, '^[^@]+'), priority = doc.priority,
    place = doc.place, tenant = tenant }, input, {}, 0)
end

-- Jobs that will not run any more leave their lanes; what is leased ends at its slot's next call.
local function cancel_the_rest(doc, steps)
  local fields = {}
  for step in string.gmatch(steps, '%S+') do
    local v = redis.call('HMGET', doc_key(doc.id), step .. '.state', step .. '.lane')
    if not FINAL_JOB[v[1]] then
      local member = doc.id .. '/' .. step
      redis.call('ZREM', key('delayed'), member)
      if v[1] == 'ready' then redis.call('ZREM', ready_key(lane_of(doc, step, v[2])), member) end
      fields[#fields + 1] = step .. '.state'
      fields[#fields + 1] = 'cancelled'
      tell(doc.id, member, 'cancelled')
    end
  end
  if #fields > 0 then redis.call('HSET', doc_key(doc.id), unpack(fields)) end
end

local function finish(doc, status, error)
  local plan = redis.call('HMGET', plan_key(doc.pipeline), 'steps', 'retention', 'on_finish')
  if status ~= 'succeeded' then cancel_the_rest(doc, plan[1]) end
  redis.call('HSET', doc_key(doc.id), 'status', status, 'finished', NOW)
  if error then redis.call('HSET', doc_key(doc.id), 'error', error) end
  index(doc, status)
  redis.call('ZADD', key('retention'), NOW + plan[2], doc.id)
  for _, k in ipairs(keys_of(doc.id, doc.pipeline)) do redis.call('PEXPIRE', k, plan[2] + BACKSTOP) end
  count('finished:' .. doc.name .. ':' .. status)
  observe('duration:' .. doc.name, NOW - doc.submitted)
  if plan[3] then start_on_finish(doc, plan[3]) end
end
