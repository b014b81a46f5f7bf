-- Make documents and end them: states, indexes, retention, TTL, and the document that `on_finish` asks for.
-- @include states document lane facts

local BACKSTOP = 86400000 -- ms that a document outlives its retention, should nobody purge

-- doc: id, pipeline, priority, place, tenant, lanes ("step=lane …" or empty), deadline (ms from now, or nil); due: ms, or 0 for now
local function create(doc, input, due)
  doc.name, doc.status, doc.submitted = string.match(doc.pipeline, '^[^@]+'), 'queued', NOW_TEXT
  doc.steps, doc.items, doc.values = {}, {}, { input = input }
  redis.call('HSET', data_key(doc.id), 'input', input)
  doc.key, doc.writes, doc.written = doc_key(doc.id), room_for_writes(), 0
  for _, field in ipairs({ 'status', 'pipeline', 'priority', 'place', 'tenant', 'submitted' }) do set(doc, field, doc[field]) end
  if doc.lanes == '' then doc.lanes = nil else set(doc, 'lanes', doc.lanes) end
  docs[doc.id] = doc
  if doc.deadline then
    set(doc, 'deadline', NOW + doc.deadline)
    redis.call('ZADD', key('deadlines'), NOW + doc.deadline, doc.id)
  end
  local first = ' ' .. planned(doc.pipeline, 'first') .. ' '
  for step in string.gmatch(planned(doc.pipeline, 'steps'), '%S+') do
    doc.steps[step] = to_record()
    if not string.find(first, ' ' .. step .. ' ', 1, true) then
      set_state(doc, step, 'waiting')
    elseif due > NOW then
      set_state(doc, step, 'delayed')
      set(doc, fields_of(step).ready, due)
      redis.call('ZADD', key('delayed'), due, doc.id .. '/' .. step)
    else
      set_state(doc, step, 'ready')
      set(doc, fields_of(step).ready, NOW_TEXT)
      offer(doc, step, lane_of(doc, step))
    end
  end
  redis.call('ZADD', by_key('queued'), NOW_TEXT, doc.id)
  count('submitted:' .. doc.name .. ':' .. doc.priority)
  tell(doc.id, doc.id, 'queued')
end

local function start_on_finish(doc, pipeline)
  local id = doc.id .. '.finish' .. (doc.revived or '')
  if redis.call('EXISTS', doc_key(id)) == 1 then return end
  if not planned(pipeline, 'steps') then return note(doc.id, doc.id, 'no-finish', pipeline .. ' is unknown') end
  -- Every word in it is docmill's own, so no escaping is needed.
  local input = '{"finished":{"id":"' .. doc.id .. '","status":"' .. doc.status .. '","pipeline":"' .. doc.pipeline .. '"}}'
  create({ id = id, pipeline = pipeline, priority = doc.priority, place = doc.place, lanes = '',
    tenant = tenant_of(doc) }, input, 0)
end

-- What is held while it is paused may be so for long: who ends does not stay there.
local function leave_held(doc, member)
  if redis.call('EXISTS', key('reasons')) == 0 then return end
  redis.call('ZREM', key('held:pipeline:' .. doc.name), member)
  redis.call('ZREM', key('held:tenant:' .. tenant_of(doc)), member)
end

-- Jobs that will not run any more leave their lanes; what is leased ends at its slot's next call.
local function cancel_the_rest(doc, steps)
  for step in string.gmatch(steps, '%S+') do
    local state = record(doc, step).state
    if not FINAL_JOB[state] then
      local member = doc.id .. '/' .. step
      redis.call('ZREM', key('delayed'), member)
      if state == 'ready' then leave(doc, step, lane_of(doc, step)) end
      if state == 'ready' or state == 'held' then leave_held(doc, member) end
      set_state(doc, step, 'cancelled')
      tell(doc.id, member, 'cancelled')
    end
  end
end

local function finish(doc, status, error)
  local kept, on_finish = planned(doc.pipeline, 'retention'), planned(doc.pipeline, 'on_finish')
  if status ~= 'succeeded' then cancel_the_rest(doc, planned(doc.pipeline, 'steps')) end
  move_index(doc, status)
  set(doc, 'finished', NOW_TEXT)
  if error then set(doc, 'error', error) end
  redis.call('ZADD', key('retention'), NOW + kept, doc.id)
  count('finished:' .. doc.name .. ':' .. status)
  observe('duration:' .. doc.name, NOW - doc.submitted)
  if on_finish then start_on_finish(doc, on_finish) end
  for _, k in ipairs(keys_of(doc.id, doc.pipeline)) do redis.call('PEXPIRE', k, kept + BACKSTOP) end
end
