-- Compiled pipelines. A pipeline's id is a digest of its content, so what was read once stays true: it outlives the call.
-- @include keys facts

local MOST_PLANS = 256
local plans, plans_kept = {}, 0

local function read_plan(pipeline)
  local plan, flat = { followers = {}, about = {} }, redis.call('HGETALL', plan_key(pipeline))
  for i = 1, #flat, 2 do plan[flat[i]] = flat[i + 1] end
  if not plan.steps then return { followers = {}, about = {} } end
  if plans_kept >= MOST_PLANS then plans, plans_kept = {}, 0 end
  plans[pipeline], plans_kept = plan, plans_kept + 1
  return plan
end

-- limit:<step>: how many of its jobs may run at once: "<name> <most> <by>".
local function read_limit(text)
  local name, most, by = string.match(text or '', '^(%S+) (%d+) (%S+)$')
  return name and { name = name, most = tonumber(most), by = by }
end

local function plan_of(pipeline) return plans[pipeline] or read_plan(pipeline) end

-- What is asked of a step again and again, made once: its counters' names, and its plan.
local function about(plan, step)
  local known = plan.about[step]
  if known then return known end
  local name = (plan.name or '?') .. ':' .. step
  known = { wait = 'wait:' .. name, run = histogram('run:' .. name), ended = 'ended:' .. name, errors = 'errors:' .. name,
    again = 'again:' .. name, needs = {},
    over = plan['over:' .. step], lane = plan['lane:' .. step], retries = tonumber(plan['retries:' .. step] or 0),
    model = plan['model:' .. step], guard = plan['guard:' .. step], batch = tonumber(plan['batch:' .. step]), batch_key = plan['batch_key:' .. step],
    hard = plan['hard:' .. step] or '0', wait_limit = tonumber(plan['wait:' .. step]),
    total_limit = tonumber(plan['total:' .. step]), allows = string.match(plan['allows:' .. step] or '', '^%a+'),
    most_failed = tonumber(string.match(plan['allows:' .. step] or '', '%d+$')), limit = read_limit(plan['limit:' .. step]),
    ahead = tonumber(plan['ahead:' .. step]), max_started = tonumber(plan.max_started) }
  known.bounded = known.limit or known.ahead or known.max_started
  for field in string.gmatch(plan['needs:' .. step] or '', '[^,]+') do known.needs[#known.needs + 1] = field end
  plan.about[step] = known
  return known
end

-- One field of a pipeline, or nil.
local function planned(pipeline, field) return plan_of(pipeline)[field] end

-- What follows a step, as `after:<step>` lists it: "name lane kind input,input" for each. kind is plain, over (a map over
-- a list; the list's step is the first input) or chain (a map over a mapped step). nil for a sink.
local function followers(plan, step)
  local found = plan.followers[step]
  if found == nil and plan['after:' .. step] then
    found = {}
    for name, lane, kind, inputs in string.gmatch(plan['after:' .. step], '(%S+) (%S+) (%S+) (%S+)') do
      found[#found + 1] = { step = name, lane = lane, kind = kind, inputs = inputs }
    end
    plan.followers[step] = found
  end
  return found
end
