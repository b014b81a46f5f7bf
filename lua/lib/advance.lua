-- The DAG moves on: what a step's end makes ready, and whether the document has ended.
-- Fan-in is judged from the states of the inputs, never from a counter.
-- `after:<step>` of the plan lists what follows a step, "name lane kind input,input" for each; kind is plain, over (a map over a list; the list's step is the first input) or chain (a map over a mapped step).
-- @include states plan finish fan

local FOLLOWER = '(%S+) (%S+) (%S+) (%S+)'

local function is_there(doc, input, kind, at)
  local state = record(doc, input).state
  if state == 'done' or state == 'skipped' then return true end
  return kind == 'chain' and at == 1 and state == 'ready' -- a mapped step that has begun
end

local function inputs_there(doc, inputs, kind)
  local at = 0
  for input in string.gmatch(inputs, '[^,]+') do
    at = at + 1
    if not is_there(doc, input, kind, at) then return false end
  end
  return true
end

local function start_fan(doc, step, lane, kind, over)
  local size = doc.items[over] or tonumber(redis.call('HGET', doc_key(doc.id), over .. '.items') or 0)
  set_items(doc, step, size)
  if size == 0 then
    set_state(doc, step, 'done')
    set(doc, step .. '.finished', NOW)
    tell(doc.id, doc.id .. '/' .. step, 'done')
    return true
  end
  open_fan(doc, step, size, kind == 'chain' and over or nil)
  place_entry(doc, step, lane)
  return false
end

-- Returns true where the step ended at once: a fan-out over an empty list.
local function start(doc, step, usual_lane, kind, inputs, ended)
  if inputs == ended and kind ~= 'chain' then
    -- Its only input has just ended, which happens once: it was never started.
    doc.steps[step] = doc.steps[step] or { state = 'waiting', token = 0, attempts = 0, deliveries = 0 }
  end
  local own = record(doc, step)
  if own.state ~= 'waiting' or (inputs ~= ended and not inputs_there(doc, inputs, kind)) then return false end
  local lane = lane_of(doc, step, usual_lane)
  own.ready = NOW
  set_state(doc, step, 'ready')
  set(doc, step .. '.ready', NOW)
  tell(doc.id, doc.id .. '/' .. step, 'ready')
  if kind ~= 'plain' then return start_fan(doc, step, lane, kind, string.match(inputs, '^[^,]+')) end
  offer(doc, step, lane)
  return false
end

local function all_final(doc, steps)
  for step in string.gmatch(steps, '%S+') do
    if not FINAL_JOB[record(doc, step).state] then return false end
  end
  return true
end

local function advance(doc, ended)
  local queue, at = { ended }, 1
  while queue[at] do
    local after = planned(doc.pipeline, 'after:' .. queue[at])
    if not after and not FINAL_DOCUMENT[doc.status] and all_final(doc, planned(doc.pipeline, 'sinks')) then
      finish(doc, 'succeeded')
    end
    for step, lane, kind, inputs in string.gmatch(after or '', FOLLOWER) do
      if start(doc, step, lane, kind, inputs, queue[at]) then queue[#queue + 1] = step end
    end
    at = at + 1
  end
end

-- After one item of a mapped step: steps that map over it may have a new item to hand out.
local function advance_chain(doc, mapped)
  local after = planned(doc.pipeline, 'after:' .. mapped) or ''
  for step, lane, kind, inputs in string.gmatch(after, FOLLOWER) do
    if kind == 'chain' and string.match(inputs, '^[^,]+') == mapped then
      local state = record(doc, step).state
      if state == 'waiting' then start(doc, step, lane, kind, inputs) end
      if state == 'ready' then place_entry(doc, step, lane_of(doc, step, lane)) end
    end
  end
end
