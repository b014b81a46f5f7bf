-- The DAG moves on: what a step's end makes ready, and whether the document has ended.
-- Fan-in is judged from the states of the inputs, never from a counter.
-- @include keys clock states events lane document finish fan

local function open_fan(doc, step, over, size, over_is_mapped)
  redis.call('HSET', fan_key(doc.id, step), 'size', size, 'cursor', 0)
  if over_is_mapped then redis.call('HSET', fan_key(doc.id, step), 'over', over) end
end

-- Are all inputs there? A map over a mapped step may begin while that one still runs.
local function inputs_done(doc, inputs, over, over_is_mapped)
  for input in string.gmatch(inputs, '%S+') do
    local state = redis.call('HGET', doc_key(doc.id), input .. '.state')
    local begun = over_is_mapped and input == over and state == 'ready'
    if state ~= 'done' and state ~= 'skipped' and not begun then return false end
  end
  return true
end

-- Returns true where the step ended at once: a fan-out over an empty list.
local function start(doc, step)
  local plan = redis.call('HMGET', plan_key(doc.pipeline), 'in:' .. step, 'lane:' .. step, 'over:' .. step, 'chain:' .. step)
  local over = plan[3]
  local v = redis.call('HMGET', doc_key(doc.id), step .. '.state', step .. '.lane', (over or '') .. '.items')
  if v[1] ~= 'waiting' or not inputs_done(doc, plan[1], over, plan[4]) then return false end
  local lane = v[2] or plan[2]
  if over and tonumber(v[3]) == 0 then
    redis.call('HSET', doc_key(doc.id), step .. '.state', 'done', step .. '.items', 0, step .. '.ready', NOW, step .. '.finished', NOW)
    tell(doc.id, doc.id .. '/' .. step, 'done')
    return true
  end
  redis.call('HSET', doc_key(doc.id), step .. '.state', 'ready', step .. '.ready', NOW)
  tell(doc.id, doc.id .. '/' .. step, 'ready')
  if not over then
    enter(doc, step, lane)
    return false
  end
  redis.call('HSET', doc_key(doc.id), step .. '.items', v[3])
  open_fan(doc, step, over, v[3], plan[4])
  place_entry(doc, step, lane)
  return false
end

local function all_final(doc, steps)
  for step in string.gmatch(steps, '%S+') do
    if not FINAL_JOB[redis.call('HGET', doc_key(doc.id), step .. '.state')] then return false end
  end
  return true
end

local function advance(doc, ended)
  local queue, at = { ended }, 1
  while queue[at] do
    local followers = redis.call('HGET', plan_key(doc.pipeline), 'next:' .. queue[at])
    if not followers and all_final(doc, redis.call('HGET', plan_key(doc.pipeline), 'sinks')) then
      finish(doc, 'succeeded')
    end
    for follower in string.gmatch(followers or '', '%S+') do
      if start(doc, follower) then queue[#queue + 1] = follower end
    end
    at = at + 1
  end
end

-- After one item of a mapped step: steps that map over it may have a new item to hand out.
local function advance_chain(doc, step)
  for follower in string.gmatch(redis.call('HGET', plan_key(doc.pipeline), 'chained:' .. step) or '', '%S+') do
    local v = redis.call('HMGET', doc_key(doc.id), follower .. '.state', follower .. '.lane')
    if v[1] == 'waiting' then
      start(doc, follower)
    elseif v[1] == 'ready' then
      place_entry(doc, follower, lane_of(doc, follower, v[2]))
    end
  end
end
