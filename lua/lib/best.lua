-- Which job of a lane comes next: its head, the head of a class, or what this very call made ready.
-- @include document lane served

local function better(job, best)
  return not best or job.score < best.score or (job.score == best.score and job.member < best.member)
end

local function head_of(part, class, model)
  local head = redis.call('ZRANGE', ready_key(part), '0', '0', 'WITHSCORES') -- a number would be printed with 17 digits
  return head[1] and { member = head[1], score = tonumber(head[2]), from = ready_key(part), class = class, model = model }
end

-- The best of what this very call made ready, in that lane or, where a class is given, in that class.
local function best_offered(lane, class, served, best)
  for _, job in pairs(offered) do
    if job.lane == lane and (not class or class == job.class) and served[job.doc.pipeline] then
      local whose = 'mine'
      if job.class then whose, job.model = may_serve(job.class, served) end
      if whose == 'mine' and better(job, best) then best = job end
    end
  end
  return best
end

-- The heads of the lane's classes: of those that this slot serves, and of those that a sibling on its card does.
local function class_heads(lane, classes, served)
  local heads = {}
  for class in string.gmatch(classes or '', '%S+') do
    local whose, model = may_serve(class, served)
    local head = whose and head_of(home_of(lane, class), class, model)
    if head and whose == 'used' and tonumber(redis.call('HGET', lane_key(lane), 'freshening') or 0) > NOW then
      head = nil -- an unused process is on its way
    elseif head then
      head.whose = whose
      heads[#heads + 1] = head
    elseif whose then
      list_class(lane, class, false)
    end
  end
  return heads
end

local function ready_since(job)
  local id, step = locate(job.member)
  local doc = job.doc or open(id, step)
  return doc and tonumber(record(doc, step).ready) or 0
end

local function same_priority(one, other)
  return math.floor(one.score / PRIORITY_WIDTH) == math.floor(other.score / PRIORITY_WIDTH)
end

-- Inside one priority, a job whose model is loaded comes first, unless the best one has waited long.
local function prefer_resident(best, heads, served)
  if best.whose ~= 'mine' or served.resident[best.model] then return best end
  local kind = nil
  for _, head in ipairs(heads) do
    local loaded = head.whose == 'mine' and head.model and served.resident[head.model]
    if loaded and same_priority(head, best) and better(head, kind) then kind = head end
  end
  if not kind or NOW - ready_since(best) > served.affinity then return best end
  return kind
end

local function best_of(lane, classes, served)
  local best = head_of(lane)
  local heads = classes and class_heads(lane, classes, served) or {}
  for _, head in ipairs(heads) do
    if better(head, best) then best = head end
  end
  best = best_offered(lane, nil, served, best)
  return best and best.model and prefer_resident(best, heads, served) or best
end
