-- What a slot serves: the words that it sends with each call, the same each time, so what was made of them outlives the call.
--   <pipeline id>       it knows this pipeline
--   alone               a process of one slot: jobs that must run alone may come
--   fresh               it has run nothing yet: jobs that found too little memory twice may come
--   model=<name>        of the models, these only (its process has their runtime); with none of these words, all
--   sibling=<name>      a model that another process on the same card has
--   resident=<name>     loaded now: such jobs are preferred inside one priority, while no other waits for longer than
--   affinity=<ms>       this
-- @include plan record

local MOST_LISTS = 64

-- Lanes, space separated, in order; each word also leads to its lane, `gpu:alone` -> `gpu`, and -i to the i-th one's class.
local lanes_of = made_once(MOST_LISTS, function(text)
  local words = {}
  for word in string.gmatch(text, '%S+') do
    words[#words + 1] = word
    words[word] = string.match(word, '^[^:]+')
    words[-#words] = string.match(word, ':(.+)$') or ''
  end
  return words
end)

local served_of = made_once(MOST_LISTS, function(text)
  local served = { sibling = {}, resident = {}, affinity = 0 }
  for word in string.gmatch(text, '%S+') do
    local what, name = string.match(word, '^(%a+)=(.+)$')
    if not what then
      served[word] = true
    elseif what == 'affinity' then
      served.affinity = tonumber(name)
    else
      served[what] = served[what] or {}
      served[what][name] = true
    end
  end
  return served
end)

-- The model that jobs of a class need, if any, and whether the class is one of those that name jobs of docmill's own sorting.
local function model_of_class(class, served)
  local kind, model = string.match(class, '^(%a+)=?(.*)$')
  if kind == 'alone' or kind == 'fresh' or kind == 'model' then return kind, model ~= '' and model or nil end
  local pipeline, step = string.match(class, '^batch=([^/]+)/([^/]+)')
  if pipeline then return served[pipeline] and 'batch', served[pipeline] and about(plan_of(pipeline), step).model end
end

-- Whether this slot takes jobs of a class: `mine` and their model; `sibling`; `used` (an unused process would); or nil.
local function may_serve(class, served)
  local pipeline, inner = string.match(class, '^([^!]+)!(.+)$')
  if pipeline then
    if not served[pipeline] then return nil end
    class = inner
  end
  if served[class] and not APART[class] then return 'mine' end
  local kind, model = model_of_class(class, served)
  if not kind or (kind == 'alone' and not served.alone) then return nil end
  if model and served.model and not served.model[model] then return served.sibling[model] and 'sibling' end
  if kind == 'fresh' and not served.fresh then return served.alone and 'used' end
  return 'mine', model
end
