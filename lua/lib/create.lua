-- Make a document: its head, every step's state, its input, its first jobs.
-- @include keys clock events stats lane document

-- doc: id, pipeline, name, priority, place, tenant; lanes: step -> lane, an override; due: ms, or 0 for now
local function create(doc, input, lanes, due)
  local fields = { 'status', 'queued', 'pipeline', doc.pipeline, 'priority', doc.priority, 'place', doc.place,
    'tenant', doc.tenant, 'submitted', NOW }
  local plan = redis.call('HMGET', plan_key(doc.pipeline), 'steps', 'first')
  for step in string.gmatch(plan[1], '%S+') do
    fields[#fields + 1] = step .. '.state'
    fields[#fields + 1] = 'waiting'
    if lanes[step] then
      fields[#fields + 1] = step .. '.lane'
      fields[#fields + 1] = lanes[step]
    end
  end
  redis.call('HSET', doc_key(doc.id), unpack(fields))
  redis.call('HSET', data_key(doc.id), 'input', input)
  redis.call('ZADD', by_key('queued'), NOW, doc.id)
  for step in string.gmatch(plan[2], '%S+') do
    local state = due > NOW and 'delayed' or 'ready'
    redis.call('HSET', doc_key(doc.id), step .. '.state', state, step .. '.ready', math.max(due, NOW))
    if state == 'ready' then
      enter(doc, step, lane_of(doc, step, lanes[step]))
    else
      redis.call('ZADD', key('delayed'), due, doc.id .. '/' .. step)
    end
  end
  count('submitted:' .. doc.name .. ':' .. doc.priority)
  tell(doc.id, doc.id, 'queued')
end
