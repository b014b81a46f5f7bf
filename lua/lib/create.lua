-- Make a document: its state, its first jobs, its place in the indexes.
-- @include states document lane facts guarding place

-- doc: id, pipeline, priority, place, tenant, lanes ("step=lane …" or empty), deadline (ms from now, or nil), unwanted (steps that
-- its parameters leave out, or nil); due: ms, or 0 for now. First steps that are left out at once are for `accept` to pass.
local function create(doc, input, due)
  doc.plan = plan_of(doc.pipeline)
  doc.name, doc.status, doc.submitted = string.match(doc.pipeline, '^[^@]+'), 'queued', NOW_TEXT
  doc.steps, doc.items, doc.values = {}, {}, { input = input }
  redis.call('HSET', data_key(doc.id), 'input', input)
  doc.key, doc.writes, doc.written = doc_key(doc.id), room_for_writes(), 0
  for _, field in ipairs({ 'status', 'pipeline', 'priority', 'place', 'tenant', 'submitted' }) do set(doc, field, doc[field]) end
  if doc.lanes == '' then doc.lanes = nil else set(doc, 'lanes', doc.lanes) end
  if doc.unwanted then set(doc, 'unwanted', doc.unwanted) end
  docs[doc.id] = doc
  if doc.deadline then
    set(doc, 'deadline', NOW + doc.deadline)
    redis.call('ZADD', key('deadlines'), NOW + doc.deadline, doc.id)
  end
  local first = ' ' .. doc.plan.first .. ' '
  for step in string.gmatch(doc.plan.steps, '%S+') do
    doc.steps[step] = parse_run(nil, nil, NOW_TEXT)
    if not string.find(first, ' ' .. step .. ' ', 1, true) then
      set_state(doc, step, 'waiting')
    elseif due > NOW then
      set_state(doc, step, 'delayed')
      set(doc, fields_of(step).ready, due)
      redis.call('ZADD', key('delayed'), due, doc.id .. '/' .. step)
    elseif is_left_out(doc, step) then
      leave_out(doc, step)
    else
      set_state(doc, step, 'ready')
      set(doc, fields_of(step).ready, NOW_TEXT)
      offer(doc, step, lane_of(doc, step))
    end
  end
  newborn = newborn or {}
  newborn[#newborn + 1] = doc
  happened[told + 1], happened[told + 2] = doc.id, 'queued' -- nobody can wait for it yet
  told = told + 2
end

local function index_made()
  if not newborn then return end
  local queued, counts = {}, {}
  for _, doc in ipairs(newborn) do
    local field = not made_as(doc.id) and 'submitted:' .. doc.name .. ':' .. doc.priority
    if field then counts[field] = (counts[field] or 0) + 1 end
    if doc.status == 'queued' then -- else it has ended already
      queued[#queued + 1] = NOW_TEXT
      queued[#queued + 1] = doc.id
    end
  end
  if #queued > 0 then redis.call('ZADD', by_key('queued'), unpack(queued)) end
  for field, new in pairs(counts) do count(field, new) end
  newborn = nil
end

at_the_end[#at_the_end + 1] = index_made
