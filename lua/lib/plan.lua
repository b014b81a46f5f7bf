-- Compiled pipelines. A pipeline's id is a digest of its content, so what was read once stays true: it outlives the call.
-- @include keys

local MOST_PLANS = 256
local plans, plans_kept = {}, 0

local function read_plan(pipeline)
  local plan, flat = {}, redis.call('HGETALL', plan_key(pipeline))
  for i = 1, #flat, 2 do plan[flat[i]] = flat[i + 1] end
  if not plan.steps then return {} end
  if plans_kept >= MOST_PLANS then plans, plans_kept = {}, 0 end
  plans[pipeline], plans_kept = plan, plans_kept + 1
  return plan
end

-- One field of a pipeline, or nil.
local function planned(pipeline, field) return (plans[pipeline] or read_plan(pipeline))[field] end
