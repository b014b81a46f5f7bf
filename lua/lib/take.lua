-- Claim: find the best job of the first lane that has one.
-- @include states document lane slot lease

local MOST_LOOKS = 16 -- heads passed over in one call: dead entries, and pipelines that this slot does not serve

-- The lane's field `classes` lists those that have jobs, space separated; `with`: whether this one is among them.
local function list_class(lane, class, with)
  local classes = {}
  for other in string.gmatch(redis.call('HGET', lane_key(lane), 'classes') or '', '%S+') do
    if other ~= class then classes[#classes + 1] = other end
  end
  if with then classes[#classes + 1] = class end
  if #classes == 0 then return redis.call('HDEL', lane_key(lane), 'classes') end
  redis.call('HSET', lane_key(lane), 'classes', table.concat(classes, ' '))
end

-- The heads of those classes of the lane that this slot serves.
local function better_class(lane, classes, serves, best)
  for class in string.gmatch(classes, '%S+') do
    local key_of_class = ready_key(lane .. ':' .. class)
    local head = serves[class] and redis.call('ZRANGE', key_of_class, 0, 0, 'WITHSCORES')
    if head and not head[1] then
      list_class(lane, class, false)
    elseif head and (not best or tonumber(head[2]) < best.score) then
      best = { member = head[1], score = tonumber(head[2]), from = key_of_class }
    end
  end
  return best
end

-- The best job of a lane: its head, the head of a class, or what this very call made ready.
local function best_of(lane, classes, serves)
  local head = redis.call('ZRANGE', ready_key(lane), 0, 0, 'WITHSCORES')
  local best = head[1] and { member = head[1], score = tonumber(head[2]), from = ready_key(lane) }
  if classes then best = better_class(lane, classes, serves, best) end
  for member, job in pairs(offered) do
    if job.lane == lane and serves[job.doc.pipeline] and (not best or job.score < best.score
        or (job.score == best.score and member < best.member)) then
      best = { member = member, score = job.score, doc = job.doc, step = job.step }
    end
  end
  return best
end

-- A job of a pipeline that this slot does not know stays ready, apart, for the slots that do. They find it at their next
-- idle claim: a hint would only wake this slot again.
local function set_aside(best, lane, class)
  redis.call('ZREM', best.from, best.member)
  redis.call('ZADD', ready_key(lane .. ':' .. class), best.score, best.member)
  list_class(lane, class, true)
end

-- One job from this lane, or nil.
local function take_one(lane, classes, serves)
  for _ = 1, MOST_LOOKS do
    local best = best_of(lane, classes, serves)
    if not best then return nil end
    local doc, step = best.doc, best.step
    if not doc then
      local id
      id, step = string.match(best.member, '^([^/]+)/(.+)$')
      doc = open(id, step)
    end
    local alive = doc and not FINAL_DOCUMENT[doc.status] and record(doc, step).state == 'ready'
    if alive and not serves[doc.pipeline] then
      set_aside(best, lane, doc.pipeline)
    else
      offered[best.member] = nil
      if best.from then redis.call('ZREM', best.from, best.member) end
      local taken = alive and lease(doc, step, lane)
      if taken then return taken end
    end
  end
end

local function take_from(lane, name, want, serves, jobs)
  local v = redis.call('HMGET', lane_key(name), 'paused', 'classes')
  if v[1] then return 'paused' end
  while #jobs < want do
    local job = take_one(lane, v[2], serves)
    if not job then return end
    jobs[#jobs + 1] = job
  end
end

-- A slot's lists of lanes and pipelines are the same at each of its calls: what was made of them outlives the call.
local MOST_LISTS = 64
local lists, lists_kept = {}, 0

-- Space separated words, as a list and as a set in one table.
local function words_of(text)
  if lists[text] then return lists[text] end
  if lists_kept >= MOST_LISTS then lists, lists_kept = {}, 0 end
  local words = {}
  for word in string.gmatch(text, '%S+') do
    words[#words + 1] = word
    words[word] = string.match(word, '^[^:]+')
  end
  lists[text], lists_kept = words, lists_kept + 1
  return words
end

-- Returns the word and the jobs taken: up to `want`, from the lanes in their order.
local function take(want, lanes, served)
  if want == 0 then return 'ok', {} end
  if not may_claim() then return 'unrenewed', {} end
  local jobs, word, in_order = {}, 'none', words_of(lanes)
  for _, lane in ipairs(in_order) do
    word = take_from(lane, in_order[lane], want, words_of(served), jobs) or word
    if #jobs == want then break end
  end
  return #jobs > 0 and 'leased' or word, jobs
end

-- The whole answer of a call that goes no further: a refusal, or what the same number was answered before.
local function answer_of(refusal)
  if refusal ~= 'repeated' then return { refusal, {}, {} } end
  local verdicts = {}
  for word in string.gmatch(slot.verdicts, '%S+') do verdicts[#verdicts + 1] = word end
  return { 'repeated', verdicts, taken_before() }
end

-- The end of a call that settled jobs: claim, remember, write, answer.
local function claim_next(verdicts, want, lanes, served)
  local word, jobs = take(tonumber(want), lanes, served)
  remember(verdicts)
  flush()
  return { word, verdicts, jobs }
end
