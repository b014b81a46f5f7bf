-- What is missing of an ended document, and what was made of it: step by step, in their order.
-- @include document fan

-- For each step that has inputs: their names, and of a map the one that it maps over.
local function inputs_by_step(pipeline)
  local inputs = {}
  for step in string.gmatch(planned(pipeline, 'steps'), '%S+') do
    for _, follower in ipairs(followers(plan_of(pipeline), step) or {}) do inputs[follower.step] = follower end
  end
  return inputs
end

local function own_mode(doc, step, from)
  local state = record(doc, step).state
  if step == from then return 'whole' end
  local has_items = about(doc.plan, step).over and redis.call('EXISTS', fan_key(doc.id, step)) == 1
  -- What a condition left out is not missing; what failed and was passed over is.
  if state == 'skipped' and redis.call('HEXISTS', doc.key, fields_of(step).error) == 0 then return nil end
  if state ~= 'done' then return has_items and 'rest' or 'whole' end
  return has_items and redis.call('HEXISTS', doc.key, fields_of(step).failed) == 1 and 'rest' or nil
end

-- What of a step is to run: nil (nothing), `rest` (the items that a fan-out lacks), or `whole`.
local function mode_of(doc, step, from, modes, follower)
  local mode, at = own_mode(doc, step, from), 0
  for input in string.gmatch(follower and follower.inputs or '', '[^,]+') do
    at = at + 1
    local rest = modes[input] == 'rest' and follower.kind == 'chain' and at == 1
    if rest then mode = mode or 'rest' elseif modes[input] then mode = 'whole' end
  end
  return mode
end

-- Steps in their order, and what of each is to run.
local function plan_revival(doc, from)
  local modes, inputs, some = {}, inputs_by_step(doc.pipeline), false
  for step in string.gmatch(doc.plan.steps, '%S+') do
    modes[step] = mode_of(doc, step, from, modes, inputs[step])
    some = some or modes[step] ~= nil
  end
  return modes, inputs, some
end
