-- Claim as many as wanted, from a slot's lanes in their order; and the answer of a call that ends so.
-- @include take slot served holding pacing

local LONGEST_REST = 2000 -- ms

-- Where the service that a lane's jobs need was down: for each rest that ends, one job tries, until one is done.
-- Returns whether it rests, and whether this call is to try.
local function is_resting(lane, resting)
  if slot.proved == lane then
    redis.call('HDEL', lane_key(lane), 'resting')
    return false
  end
  if tonumber(resting) > NOW then return true end
  redis.call('HSET', lane_key(lane), 'resting', string.format('%d', NOW + LONGEST_REST))
  return false, true
end

-- A lane that is paused, or rests, gives nothing. Most of the time there is nothing to say of any.
local function gives(lane)
  if redis.call('EXISTS', lane_key(lane), PAUSED) == 0 then return true end
  if slot.paused == nil then slot.paused = redis.call('EXISTS', key('paused')) == 1 end
  local v = redis.call('HMGET', lane_key(lane), 'paused', 'classes', 'resting', 'rate', 'burst', 'paid', 'feeders')
  if v[1] then return false end
  local rests, tries = false, false
  if v[3] then rests, tries = is_resting(lane, v[3]) end
  return not rests, v[2], v[4] and allowance(v[4], v[5], v[6]), v[7], tries
end

local function take_units(class, lane, want, served, jobs, classes)
  if class ~= '' then return fill(jobs, lane, class, served, want) end
  local units = 0
  while units < want do
    local found, why = take_one(jobs, lane, classes, served)
    if not found then return why end
    units = units + 1
  end
end

-- Returns the word where nothing came for a reason.
local function take_from(class, lane, want, served, jobs)
  local open_now, classes, allowed, feeders, tries = gives(lane)
  if not open_now then return 'paused' end
  if allowed and allowed < 1 then return 'paced' end
  local before = #jobs
  local why = take_units(class, lane, allowed and math.min(want, allowed) or want, served, jobs, classes)
  if slot.hurried then hint(lane) end
  if allowed and #jobs > before then pay(lane, #jobs - before) end
  if tries and #jobs == before then redis.call('HDEL', lane_key(lane), 'resting') end -- there is none that could try
  if feeders and #jobs > before then release_feeders(lane, feeders, #jobs - before) end
  return why
end

-- Returns the word and the jobs taken: `want` jobs or batches at most.
local function take(want, lanes, serves)
  if want == 0 then return 'ok', {} end
  if not may_claim() then return 'unrenewed', {} end
  local jobs, word, in_order, served = {}, 'none', lanes_of(lanes), served_of(serves)
  for i = 1, #in_order do
    word = take_from(in_order[-i], in_order[in_order[i]], want - #jobs, served, jobs) or word
    if #jobs >= want then break end
  end
  return #jobs > 0 and 'leased' or word, jobs
end

-- Where more may come for a batch that is not full, `lane:class`: while some other document is on its way. Else nothing.
local function part_to_fill(jobs)
  if not slot.batch or #jobs >= slot.batch then return '' end
  local mine, count_mine = {}, 0
  for _, job in ipairs(jobs) do
    local id = locate(job[1])
    if not mine[id] then mine[id], count_mine = true, count_mine + 1 end
  end
  local live = redis.call('ZCARD', by_key('queued')) + redis.call('ZCARD', by_key('running'))
  return live > count_mine and slot.part or ''
end

-- The whole answer of a call that goes no further: a refusal, or what the same number was answered before.
local function answer_of(refusal)
  if refusal ~= 'repeated' then return { refusal, {}, {} } end
  local verdicts = {}
  for word in string.gmatch(slot.verdicts, '%S+') do verdicts[#verdicts + 1] = word end
  local jobs, lost = taken_before()
  if lost then
    remember(verdicts)
    flush()
  end
  return { 'repeated', verdicts, jobs }
end

-- The end of a call that settled jobs: claim, remember, write, answer.
local function claim_next(verdicts, want, lanes, serves)
  release_freed()
  local word, jobs = take(tonumber(want), lanes, serves)
  remember(verdicts)
  flush()
  return { word, verdicts, jobs, part_to_fill(jobs), slot.wait or 0 }
end
