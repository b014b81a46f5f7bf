-- The DAG moves on: what a step's end makes ready, and whether the document has ended.
-- Fan-in is judged from the states of the inputs, never from a counter.
-- @include states plan finish fan guarding

local function is_there(doc, input, kind, at)
  local state = record(doc, input).state
  if state == 'done' or state == 'skipped' or state == 'failed' then return true end -- failed: its step allows it
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

local function end_step(doc, step)
  set_state(doc, step, 'done')
  set(doc, fields_of(step).finished, NOW_TEXT)
  tell(doc.id, doc.id .. '/' .. step, 'done')
end

local function start_fan(doc, step, lane, kind, over)
  local size = doc.items[over] or tonumber(redis.call('HGET', doc_key(doc.id), fields_of(over).items) or 0)
  set_items(doc, step, size)
  if size == 0 then
    end_step(doc, step)
    return true
  end
  open_fan(doc, step, size, kind == 'chain' and over or nil)
  if kind == 'chain' and all_items_ended(doc, step) then
    end_step(doc, step)
    return true
  end
  place_entry(doc, step, lane)
  return false
end

-- Returns true where the step ended at once: a condition leaves it out, or it is a fan-out over nothing that will have an output.
local function start(doc, follower, ended)
  local step, kind, inputs = follower.step, follower.kind, follower.inputs
  if inputs == ended and kind ~= 'chain' and not doc.revived then
    -- Its only input has just ended, which happens once in a life: it was never started.
    doc.steps[step] = doc.steps[step] or parse_run(nil, 'waiting', NOW_TEXT)
  end
  local own = record(doc, step)
  if own.state ~= 'waiting' or (inputs ~= ended and not inputs_there(doc, inputs, kind)) then return false end
  if is_left_out(doc, step) then
    if not inputs_there(doc, inputs, 'plain') then return false end -- what it would map over has begun, and not ended
    leave_out(doc, step)
    return true
  end
  local lane = lane_of(doc, step, follower.lane)
  own.ready, own.readied, own.state, own.moved = NOW_TEXT, true, 'ready', true
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

-- Whether it goes on without an output that failed, and its pipeline calls that partial.
local function is_partial(doc)
  return doc.plan.partial and (doc.partly or redis.call('HGET', doc_key(doc.id), 'partly') ~= false)
end

local function advance(doc, ended)
  local queue, at = { ended }, 1
  while queue[at] do
    local after = followers(doc.plan, queue[at])
    if not after and not FINAL_DOCUMENT[doc.status] and all_final(doc, doc.plan.sinks) then
      finish(doc, is_partial(doc) and 'partial' or 'succeeded')
    end
    for i = 1, after and #after or 0 do
      if start(doc, after[i], queue[at]) then queue[#queue + 1] = after[i].step end
    end
    at = at + 1
  end
end

-- A fan-out ends with the last of its items.
local function end_fan(doc, step)
  if not all_items_ended(doc, step) or record(doc, step).state == 'done' then return end
  end_step(doc, step)
  advance(doc, step)
end

-- The steps that map over a mapped one.
local function chained_to(doc, mapped)
  local chained = {}
  for _, follower in ipairs(followers(doc.plan, mapped) or {}) do
    if follower.kind == 'chain' and string.match(follower.inputs, '^[^,]+') == mapped then chained[#chained + 1] = follower end
  end
  return chained
end

local function start_now(doc, follower)
  if start(doc, follower) then advance(doc, follower.step) end
end

-- After one item of a mapped step: steps that map over it may have a new item to hand out.
local function advance_chain(doc, mapped)
  for _, follower in ipairs(chained_to(doc, mapped)) do
    local state = record(doc, follower.step).state
    if state == 'waiting' then start_now(doc, follower) end
    if state == 'ready' then place_entry(doc, follower.step, lane_of(doc, follower.step, follower.lane)) end
  end
end
